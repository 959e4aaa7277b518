import { expect, test } from 'vitest'
import { stretchesOf, trendDays, trendWeeks } from './trends.ts'

const now = '2026-11-22T12:00:00.000Z'
const finding = (firstSeenAt: string, state: 'open' | 'resolved', at: string, severity: 'high' | 'low' = 'low') => ({
  firstSeenAt: `${firstSeenAt}T08:00:00.000Z`,
  at: `${at}T20:00:00.000Z`,
  state,
  statement: { severity, fingerprint: `${firstSeenAt} ${at} ${severity}` },
})
const stretches = (findings: readonly ReturnType<typeof finding>[]) => stretchesOf(findings, [])
const run = (
  duty: string,
  day: string,
  pass: number,
  unknown: number,
  outcome: 'completed' | 'missed' = 'completed',
) => ({
  duty,
  startedAt: `${day}T09:00:00.000Z`,
  outcome,
  counts: { pass, fail: 1, unknown, notApplicable: 0, opened: 0, resolved: 0 },
})

test('what was open at the end of each day, what came and what went', () => {
  const days = trendDays(
    stretches([finding('2026-11-20', 'open', '2026-11-20', 'high'), finding('2026-11-19', 'resolved', '2026-11-21')]),
    [],
    now,
    5,
  )
  expect(days.map(({ day, open, grave, opened, resolved }) => [day.slice(8), open, grave, opened, resolved])).toEqual([
    ['18', 0, 0, 0, 0],
    ['19', 1, 0, 1, 0],
    ['20', 2, 1, 1, 0],
    ['21', 1, 1, 0, 1],
    ['22', 1, 1, 0, 0],
  ])
})

test('verdicts are those of the newest completed run of each duty, and none before the first', () => {
  const runs = [run('b', '2026-11-21', 5, 0), run('a', '2026-11-20', 2, 3), run('a', '2026-11-21', 9, 9, 'missed')]
  expect(trendDays([], runs, now, 4).map(({ verdicts }) => verdicts)).toEqual([
    null,
    { pass: 2, fail: 1, unknown: 3 },
    { pass: 7, fail: 2, unknown: 3 },
    { pass: 7, fail: 2, unknown: 3 },
  ])
})

test('time to fix by the week in which it was seen to be fixed', () => {
  const fixed = [
    finding('2026-11-10', 'resolved', '2026-11-16'),
    finding('2026-11-12', 'resolved', '2026-11-22'),
    finding('2026-11-20', 'resolved', '2026-11-22'),
    finding('2026-11-01', 'resolved', '2026-11-15'),
    finding('2026-11-01', 'open', '2026-11-01'),
  ]
  expect(trendWeeks(stretches(fixed), now, 3)).toEqual([
    { until: '2026-11-08', fixed: 0, medianDays: null, slowestDays: null },
    { until: '2026-11-15', fixed: 1, medianDays: 14.5, slowestDays: 14.5 },
    { until: '2026-11-22', fixed: 3, medianDays: 6.5, slowestDays: 10.5 },
  ])
})

test('what came back was not open while it was gone, came twice, and was fixed as often as it was', () => {
  const flaps = { ...finding('2026-11-18', 'resolved', '2026-11-22', 'high'), firstSeenAt: '2026-11-18T08:00:00.000Z' }
  const { fingerprint } = flaps.statement
  const turn = (state: string, day: string) => ({ fingerprint, state, at: `2026-11-${day}T20:00:00.000Z` })
  const turns = [
    turn('open', '18'),
    turn('resolved', '19'),
    turn('reopened', '21'),
    turn('open', '21'),
    turn('resolved', '22'),
  ]
  const found = stretchesOf([flaps, finding('2026-11-18', 'open', '2026-11-18')], turns)
  expect(trendDays(found, [], now, 6).map((day) => [day.open, day.grave, day.opened, day.resolved])).toEqual([
    [0, 0, 0, 0],
    [2, 1, 2, 0],
    [1, 0, 0, 1],
    [1, 0, 0, 0],
    [2, 1, 1, 0],
    [1, 0, 0, 1],
  ])
  expect(trendWeeks(found, now, 1)).toMatchObject([{ fixed: 2, slowestDays: 1.5 }])
})
