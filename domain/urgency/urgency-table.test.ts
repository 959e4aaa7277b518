import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dueByRule } from './due-by-rule.ts'
import { conditionKey, conditions, readUrgencyTable } from './read-urgency-table.ts'

const text = readFileSync(join(import.meta.dirname, '../../packs/urgency/table.json'), 'utf8')
const read = readUrgencyTable(text)
if (typeof read === 'string') throw new Error(read)
const table = read
const exposures = ['open', 'guarded', 'machine', 'client'] as const

/** Worked out by hand: days by exposure; `u` with the next upgrade, `*` with traces kept first. */
const byHand: [exploited: boolean, automatable: boolean, impact: 'total' | 'partial', days: string][] = [
  [true, true, 'total', '3* 3* 3* 3*'],
  [true, true, 'partial', '3 14 14 14'],
  [true, false, 'total', '3* 3* 14 14'],
  [true, false, 'partial', '14 14 14 14'],
  [false, true, 'total', '3 14 30 60'],
  [false, true, 'partial', '14 30 60 60'],
  [false, false, 'total', '14 30 60 u'],
  [false, false, 'partial', '60 60 u u'],
]
const rows = byHand.flatMap(([exploited, automatable, impact, days]) =>
  days.split(' ').map((word, index) => ({
    condition: { exploited, automatable, impact, exposure: exposures[index] ?? 'open' },
    word,
  })),
)

const since = '2026-11-22T09:00:00.000Z'

function due(condition: (typeof rows)[number]['condition']) {
  const said = <Value>(value: Value) => ({ value, assumed: false, why: '' })
  return dueByRule({
    table,
    advisory: {
      exploited: said(condition.exploited),
      automatable: said(condition.automatable),
      impact: said(condition.impact),
      listedOn: null,
    },
    exposure: said(condition.exposure),
    since,
  })
}

/**
 * Exploited, exposed, automatable, impact, days: the sixteen rows that the authors of SSVC publish of CISA's BOD 26-04 (decision table
 * CISA BOD 26-04, version 1.0.0).
 */
const published = [
  'no no no partial u',
  'yes no no partial 14',
  'no yes no partial 60',
  'no no yes partial 60',
  'no no no total u',
  'yes yes no partial 14',
  'yes no yes partial 14',
  'no yes yes partial 14',
  'yes no no total 14',
  'no yes no total 14',
  'no no yes total 60',
  'yes yes yes partial 3',
  'yes yes no total 3*',
  'yes no yes total 3*',
  'no yes yes total 3',
  'yes yes yes total 3*',
]
const yes = (value: boolean) => (value ? 'yes' : 'no')
const never = Number.POSITIVE_INFINITY

describe('the table of due dates', () => {
  test('is the table that was worked out by hand, every row of it', () => {
    expect(rows).toHaveLength(conditions().length)
    expect(new Set(rows.map(({ condition }) => conditionKey(condition))).size).toBe(32)
    expect(table.rows).toHaveLength(32)
  })

  test.each(rows.map((row) => [conditionKey(row.condition), row] as const))('%s', (_name, { condition, word }) => {
    const days = Number.parseInt(word, 10)
    const at = word === 'u' ? null : new Date(Date.parse(since) + days * 86_400_000).toISOString()
    expect(due(condition)).toMatchObject({ due: { at }, evidenceFirst: word.endsWith('*') })
  })

  test('one vulnerability on four differently exposed servers is due on four days', () => {
    const dates = exposures.map(
      (exposure) => due({ exploited: false, automatable: true, impact: 'total', exposure }).due.at,
    )
    expect(dates).toEqual([
      '2026-11-25T09:00:00.000Z',
      '2026-12-06T09:00:00.000Z',
      '2026-12-22T09:00:00.000Z',
      '2027-01-21T09:00:00.000Z',
    ])
  })

  test('whatever gets worse never moves a date back', () => {
    const daysOf = (condition: (typeof rows)[number]['condition']) => due(condition).due.at ?? '9999'
    for (const { condition } of rows) {
      const own = daysOf(condition)
      const index = exposures.indexOf(condition.exposure)
      expect(daysOf({ ...condition, exploited: true }) <= own).toBe(true)
      expect(daysOf({ ...condition, automatable: true }) <= own).toBe(true)
      expect(daysOf({ ...condition, impact: 'total' }) <= own).toBe(true)
      expect(daysOf({ ...condition, exposure: exposures[Math.max(0, index - 1)] ?? 'open' }) <= own).toBe(true)
    }
  })

  test.each(published)('is no more lenient than the row published of BOD 26-04: %s', (line) => {
    const [exploited, exposed, automatable, impact, days = ''] = line.split(' ')
    const same = table.rows.filter(
      (row) =>
        yes(row.exploited) === exploited &&
        yes(row.exposure === 'open') === exposed &&
        yes(row.automatable) === automatable &&
        row.impact === impact,
    )
    expect(same).toHaveLength(exposed === 'yes' ? 1 : 3)
    for (const row of same) {
      expect(row.days ?? never).toBeLessThanOrEqual(days === 'u' ? never : Number.parseInt(days, 10))
      expect(row.evidenceFirst || !days.endsWith('*')).toBe(true)
    }
  })
})

describe('a table of your own', () => {
  const [first, ...others] = table.rows
  if (first === undefined) throw new Error('no row')
  test.each([
    [
      'one with other numbers of days',
      { ...table, id: 'ours', rows: table.rows.map((row) => ({ ...row, days: 1 })) },
      null,
    ],
    ['one that misses a row', { ...table, rows: others }, 'no row'],
    ['one with two answers', { ...table, rows: [...table.rows, { ...first, row: 99 }] }, 'more than one row'],
    ['one with a number twice', { ...table, rows: [{ ...first, row: 2 }, ...others] }, 'one number'],
    ['one with something else in it', { ...table, extra: true }, 'not a table'],
    ['no table', 'x', 'not a table'],
  ])('%s', (_name, value, problem) => {
    const result = readUrgencyTable(typeof value === 'string' ? value : JSON.stringify(value))
    if (problem === null) expect(result).toMatchObject({ id: 'ours' })
    else expect(result).toContain(problem)
  })
})
