import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Advisory } from '@upkeep/contract/observations/advisories'
import { packageKey } from '@upkeep/domain/purl'
import { z } from 'zod'
import type { Feed, KeptAdvisory } from './feed-sink.ts'

/** A feed that is open for looking up. */
export interface OpenFeed {
  feed: Feed
  database: DatabaseSync
}

/** An advisory about a package that was asked for, and the feed it came from. */
export interface Candidate {
  advisory: KeptAdvisory
  feed: string
}

const Body = Advisory.omit({ affected: true, feed: true, exploitation: true, conflicts: true })
const Affected = Advisory.shape.affected
const Row = z.tuple([z.int(), z.string(), z.string()])

/** The advisories of one feed about the packages of the given keys, each with what it says of those packages alone. */
export function candidatesIn({ feed, database }: OpenFeed, keys: readonly string[]): Candidate[] {
  const find = asTuples(
    database.prepare(
      `select id, body, affected from advisory where key = ?1 union all
       select a.id, a.body, f.affected from further f join advisory a on a.id = f.advisory where f.key = ?1`,
    ),
  )
  const found = new Map<number, KeptAdvisory>()
  for (const key of keys) {
    for (const row of find.all(key)) {
      const [id, body, entries] = Row.parse(row)
      const affected = Affected.parse(JSON.parse(entries))
      const known = found.get(id)
      if (known === undefined) found.set(id, { ...Body.parse(JSON.parse(body)), affected })
      else known.affected.push(...affected)
    }
  }
  return [...found.values()].map((advisory) => ({ advisory, feed: feed.id }))
}

function asTuples(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true)
  return statement
}

/** The keys of packages, each once. */
export function keysOf(packages: readonly { ecosystem: string; name: string }[]): string[] {
  return [...new Set(packages.map((one) => packageKey(one.ecosystem, one.name)))].sort()
}
