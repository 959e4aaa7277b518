import type { ObservedParts } from '@upkeep/domain/observed-parts'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Session } from '../session.ts'
import type { Components, IndexedParts, PackageHolder } from '../store.ts'
import { digestOfBytes } from './object-bytes.ts'
import { columnText } from './record-table.ts'

const perPage = 500

export function components(session: Session): Components {
  return {
    add: (entries) => session.write((db) => add(db, entries, session.capabilities.maxParameters)),
    known: (digests) => known(session.db, digests),
    holding: (keys) => holding(session.db, keys),
  }
}

interface Row {
  set: string
  package: string
  version: string | null
  how: string
}

async function add(db: Db, entries: readonly IndexedParts[], maxParameters: number): Promise<void> {
  const there = await known(
    db,
    entries.map((entry) => entry.observation),
  )
  const fresh = new Map(entries.filter((one) => !there.has(one.observation)).map((one) => [one.observation, one]))
  const drawn = [...fresh.values()].map((entry) => ({ ...entry, ...setOf(entry.parts) }))
  const sets = new Map(drawn.map((one) => [one.set, one.rows]))
  for (const page of pages([...sets.keys()], perPage)) {
    const rows = await sql<{ component_set: string }>`select distinct component_set from component_sets
      where component_set in (${sql.join(page)})`.execute(db)
    for (const row of rows.rows) sets.delete(row.component_set)
  }
  const values = [...sets.values()].flat()
  for (const page of pages(values, Math.min(2_000, Math.floor(maxParameters / 4)))) await insertParts(db, page)
  for (const page of pages(drawn, perPage)) {
    const rows = page.map((one) => sql`(${sql.join([one.observation, one.set, one.knowledge])})`)
    await sql`insert into observed_components (observation, component_set, knowledge) values ${sql.join(rows)}
      on conflict (observation) do nothing`.execute(db)
  }
}

async function insertParts(db: Db, rows: readonly Row[]): Promise<void> {
  const values = rows.map((row) => sql`(${sql.join([row.set, row.package, row.version, row.how])})`)
  await sql`insert into component_sets (component_set, package, version, how) values ${sql.join(values)}`.execute(db)
}

/** The same packages make the same set, in whatever order they were seen. */
function setOf(parts: ObservedParts['parts']): { set: string; rows: Row[] } {
  const lines = parts.map((part) => JSON.stringify([part.package, part.version, part.how])).sort()
  const set = digestOfBytes(Buffer.from(lines.join('\n')))
  const rows = parts.map((part) => ({
    set,
    package: columnText(part.package),
    version: part.version === null ? null : columnText(part.version),
    how: part.how,
  }))
  return { set, rows }
}

async function known(db: Db, digests: readonly string[]): Promise<Map<string, ObservedParts['knowledge']>> {
  const found = new Map<string, ObservedParts['knowledge']>()
  for (const page of pages([...new Set(digests)], perPage)) {
    const { rows } = await sql<{ observation: string; knowledge: string }>`select observation, knowledge
      from observed_components where observation in (${sql.join(page)})`.execute(db)
    for (const row of rows) found.set(row.observation, knowledgeOf(row.knowledge))
  }
  return found
}

function knowledgeOf(text: string): ObservedParts['knowledge'] {
  return text === 'whole' || text === 'partial' || text === 'elsewhere' ? text : 'unknown'
}

async function holding(db: Db, keys: readonly string[]): Promise<PackageHolder[]> {
  const wanted = new Map(keys.map((key) => [columnText(key), key]))
  const { rows } = await sql<PackageHolder>`select o.observation, s.package, s.version, s.how
    from component_sets s join observed_components o on o.component_set = s.component_set
    where s.package in (${sql.join([...wanted.keys()])})`.execute(db)
  return rows.map((row) => ({ ...row, package: wanted.get(row.package) ?? row.package }))
}

function* pages<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size)
}
