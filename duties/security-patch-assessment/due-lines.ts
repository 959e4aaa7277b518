import type { Due, Facts, Seen } from '@upkeep/contract'
import type { Advisory } from '@upkeep/domain/advisories/known-advisories'
import { packageKey } from '@upkeep/domain/purl'
import { dueByRule } from '@upkeep/domain/urgency/due-by-rule'
import type { exposureOf } from '@upkeep/domain/urgency/server-exposure'
import { inputsOf } from '@upkeep/domain/urgency/urgency-inputs'

/** What due dates of one server's vulnerabilities rest on. */
export interface DueGrounds {
  server: string
  table: Seen<'urgency-table'>
  history: Seen<'fleet-history'>
  exposure: ReturnType<typeof exposureOf>
  at: string
}

/** By when one vulnerability is to be dealt with; without a date, why there is none. */
export interface DueLine {
  due: Due | null
  knownSince: string | null
  why: string
  evidenceFirst: boolean
}

/** Works out by when, from when it was first known here. Without the table or the history no date is made up. */
export function dueLine(grounds: DueGrounds, of: { ecosystem: string; name: string }, record: Advisory): DueLine {
  const { table, history } = grounds
  if (table.state !== 'seen') return without(`by when is not known: ${table.reason}`)
  if (history.state !== 'seen')
    return without(`by when is not known: since when it is known here cannot be told (${history.reason})`)
  const since = knownSince(history.facts, grounds, of, record) ?? grounds.at
  const { due, evidenceFirst } = dueByRule({
    table: table.facts,
    advisory: inputsOf(record),
    exposure: grounds.exposure,
    since,
  })
  return { due, knownSince: since, why: due.why, evidenceFirst }
}

function without(why: string): DueLine {
  return { due: null, knownSince: null, why, evidenceFirst: false }
}

function knownSince(
  history: Facts<'fleet-history'>,
  { server }: DueGrounds,
  of: { ecosystem: string; name: string },
  record: Advisory,
): string | null {
  const names = new Set([record.id, ...record.aliases])
  const key = packageKey(of.ecosystem, of.name)
  const since = history.known
    .filter((one) => one.server === server && names.has(one.advisory) && packageKey(one.ecosystem, one.package) === key)
    .map((one) => one.since)
  return since.sort()[0] ?? null
}
