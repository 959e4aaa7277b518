import { createHash } from 'node:crypto'
import { UserError } from '@upkeep/contract/errors'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Session } from '../session.ts'
import type { RecordType } from '../store.ts'

/** How one type of record lies in its table: which columns are drawn from it, and how its body is read back. */
export interface RecordTable<Item extends { readonly id: string }> {
  readonly type: RecordType
  readonly name: string
  readonly columns: Readonly<Record<string, (record: Item) => string>>
  parse(body: unknown): Item
}

/** What every record table can do. */
export interface RecordRows<Item> {
  append(record: Item): Promise<void>
  appendMany(records: readonly Item[]): Promise<void>
  get(id: string): Promise<Item | null>
  /** Reads the bodies that a query of this table selects. */
  read(query: RawBuilder<BodyRow>): Promise<Item[]>
}

export interface BodyRow {
  id: string
  body: string
}

const longestColumn = 500

export function recordRows<Item extends { readonly id: string }>(
  session: Session,
  table: RecordTable<Item>,
): RecordRows<Item> {
  async function read(query: RawBuilder<BodyRow>): Promise<Item[]> {
    const { rows } = await query.execute(session.db)
    return rows.map((row) => parseBody(table, row))
  }
  async function appendMany(records: readonly Item[]): Promise<void> {
    await session.write((db) => insertRecords(db, table, records, session.capabilities.maxParameters))
  }
  async function get(id: string): Promise<Item | null> {
    const [item] = await read(sql<BodyRow>`select id, body from ${sql.table(table.name)} where id = ${columnText(id)}`)
    return item ?? null
  }
  return { append: (record) => appendMany([record]), appendMany, get, read }
}

/**
 * A text as an index column holds it. Names come from hostile files: one that an index cannot hold (too long, or with NUL) is stood for
 * by its SHA-256; the body keeps it whole.
 */
export function columnText(text: string): string {
  if (text.length <= longestColumn && !text.includes('\u0000')) return text
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** The index columns that a record's body gives. */
export function extractColumns<Item extends { readonly id: string }>(
  table: RecordTable<Item>,
  record: Item,
): Record<string, string> {
  const columns = Object.entries(table.columns).map(([column, draw]) => [column, columnText(draw(record))])
  return Object.fromEntries([['id', columnText(record.id)], ...columns])
}

/** Reads one stored body; one that does not fit its schema was altered. */
export function parseBody<Item extends { readonly id: string }>(table: RecordTable<Item>, row: BodyRow): Item {
  try {
    return table.parse(JSON.parse(row.body))
  } catch {
    // The parser's message may quote the body.
    throw new UserError(
      'evidence-invalid',
      `The stored ${table.type} ${row.id} cannot be read: it is not what was written.`,
      'Run `upkeep verify`: it names every record that was altered.',
    )
  }
}

async function insertRecords<Item extends { readonly id: string }>(
  db: Db,
  table: RecordTable<Item>,
  records: readonly Item[],
  maxParameters: number,
): Promise<void> {
  const names = ['id', ...Object.keys(table.columns), 'body']
  const perStatement = Math.min(500, Math.floor(maxParameters / names.length))
  const list = sql.join(names.map((name) => sql.ref(name)))
  for (let start = 0; start < records.length; start += perStatement) {
    const rows = records.slice(start, start + perStatement).map((record) => {
      const drawn = Object.values(extractColumns(table, record))
      return sql`(${sql.join([...drawn, canonicalJson(record)])})`
    })
    await sql`insert into ${sql.table(table.name)} (${list}) values ${sql.join(rows)}`.execute(db)
  }
}
