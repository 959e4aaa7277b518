import type { Due } from '@upkeep/contract/due'
import type { ServerExposure, UrgencyRow, UrgencyTable } from '@upkeep/contract/observations/urgency-table'
import { conditionKey, type UrgencyCondition } from './read-urgency-table.ts'
import type { AdvisoryInputs, Input } from './urgency-inputs.ts'

/** All that a due date follows from. `since` is when the vulnerability was first known here. */
export interface UrgencyQuestion {
  table: UrgencyTable
  advisory: AdvisoryInputs
  exposure: Input<ServerExposure>
  since: string
}

/** A due date, and whether traces are to be kept before anything is changed. */
export interface DueByRule {
  due: Due
  evidenceFirst: boolean
  /** What was not known and taken at its worse value. */
  assumed: string[]
}

const dayMs = 86_400_000

/**
 * Works out a due date. The days count from when the vulnerability was first known here: nobody can be late before they could know. Being
 * listed as exploited later starts the shorter count on the day of the listing, and never moves a date back.
 */
export function dueByRule(question: UrgencyQuestion): DueByRule {
  const { table, advisory, exposure } = question
  const condition = {
    exploited: advisory.exploited.value,
    exposure: exposure.value,
    automatable: advisory.automatable.value,
    impact: advisory.impact.value,
  }
  const row = rowFor(table, condition)
  const counted = countFrom(question, row, rowFor(table, { ...condition, exploited: false }))
  const inputs = [advisory.exploited, exposure, advisory.automatable, advisory.impact]
  const from = counted.listed ? `its listing on ${counted.from.slice(0, 10)}` : counted.from.slice(0, 10)
  const length = row.days === null ? 'with the next upgrade' : `${dayWords(counted.days)} from ${from}`
  // Taken for exploited only because nobody says otherwise: that is no reason to look for an intruder.
  const evidenceFirst = row.evidenceFirst && !advisory.exploited.assumed
  const trace = evidenceFirst ? '; keep traces before you change anything' : ''
  const rule = `row ${row.row} of table ${table.id} version ${table.version}`
  return {
    due: {
      at: row.days === null ? null : dayAfter(counted.from, counted.days),
      why: `${inputs.map((input) => input.why).join('; ')}: ${length}${trace}, by ${rule}`,
      table: { id: table.id, version: table.version, row: row.row },
    },
    evidenceFirst,
    assumed: inputs.filter((input) => input.assumed).map((input) => input.why),
  }
}

function rowFor(table: UrgencyTable, condition: UrgencyCondition): UrgencyRow {
  const key = conditionKey(condition)
  const row = table.rows.find((one) => conditionKey(one) === key)
  if (row === undefined) throw new Error(`table ${table.id} has no row for ${key}`)
  return row
}

interface Count {
  from: string
  days: number
  /** True where the count begins with a listing that came after the vulnerability was known here. */
  listed: boolean
}

function countFrom({ advisory, since }: UrgencyQuestion, row: UrgencyRow, unlisted: UrgencyRow): Count {
  const known = { from: since, days: row.days ?? 0, listed: false }
  const listing = advisory.listedOn === null ? Number.NaN : Date.parse(advisory.listedOn)
  if (row.days === null || Number.isNaN(listing) || listing <= Date.parse(since)) return known
  const sinceListing = { from: instantOf(listing), days: row.days, listed: true }
  const before = unlisted.days === null ? null : { from: since, days: unlisted.days, listed: false }
  if (before === null || dayAfter(before.from, before.days) > dayAfter(sinceListing.from, row.days)) return sinceListing
  return before
}

function dayAfter(from: string, days: number): string {
  return instantOf(Date.parse(from) + days * dayMs)
}

function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

function dayWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}

/** Which of two due dates comes first; one with the next upgrade comes after every day. */
export function soonestFirst(one: Pick<Due, 'at'>, other: Pick<Due, 'at'>): number {
  if (one.at === other.at) return 0
  if (one.at === null) return 1
  if (other.at === null) return -1
  return one.at < other.at ? -1 : 1
}
