import { expect, test } from 'vitest'
import {
  durationOf,
  durationWords,
  hoursAndMinutes,
  type Recurrence,
  recurrenceOf,
  recurrenceWords,
  ruleOf,
} from './recurrence'

test.each<[Recurrence, string, string]>([
  [{ every: 'day' }, 'FREQ=DAILY', 'every day'],
  [{ every: 'week', days: ['SU'] }, 'FREQ=WEEKLY;BYDAY=SU', 'every Sunday'],
  [{ every: 'week', days: ['TU', 'SA'] }, 'FREQ=WEEKLY;BYDAY=TU,SA', 'every Tuesday, Saturday'],
  [{ every: 'month', nth: '1', day: 'MO' }, 'FREQ=MONTHLY;BYDAY=1MO', 'every first Monday of the month'],
  [{ every: 'month', nth: '-1', day: 'FR' }, 'FREQ=MONTHLY;BYDAY=-1FR', 'every last Friday of the month'],
  [
    { every: 'rule', rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU' },
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU',
    'by the rule FREQ=WEEKLY;INTERVAL=2;BYDAY=SU',
  ],
])('%o is the rule %s, there and back', (recurrence, rule, words) => {
  expect(ruleOf(recurrence)).toBe(rule)
  expect(recurrenceOf(rule)).toEqual(recurrence)
  expect(recurrenceWords(rule)).toBe(words)
})

test('days stand in the order of the week; none of them, or no rule, is nothing yet', () => {
  expect(ruleOf({ every: 'week', days: ['SU', 'MO'] })).toBe('FREQ=WEEKLY;BYDAY=MO,SU')
  expect(ruleOf({ every: 'week', days: [] })).toBeNull()
  expect(ruleOf({ every: 'rule', rule: ' ' })).toBeNull()
})

test.each([
  [2, 0, 'PT2H', '2 h'],
  [1, 30, 'PT1H30M', '1 h 30 min'],
  [0, 45, 'PT45M', '45 min'],
  [0, 90, 'PT1H30M', '1 h 30 min'],
])('%i h %i min is %s', (hours, minutes, duration, words) => {
  expect(durationOf(hours, minutes)).toBe(duration)
  expect(durationWords(duration)).toBe(words)
  const back = hoursAndMinutes(duration)
  expect(back.hours * 60 + back.minutes).toBe(hours * 60 + minutes)
})

test('no time, a day, and what is no number are no duration', () => {
  for (const [hours, minutes] of [
    [0, 0],
    [24, 0],
    [Number.NaN, 0],
    [1.5, 0.1],
  ] as const)
    expect(durationOf(hours, minutes)).toBeNull()
})
