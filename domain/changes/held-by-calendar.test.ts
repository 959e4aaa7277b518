import { Freeze, MaintenanceWindow, NeverTogether } from '@upkeep/contract/maintenance-window'
import { describe, expect, test } from 'vitest'
import type { MaintenanceCalendar } from '../calendar/maintenance-calendar.ts'
import { type ChangeState, changeState } from './change-state.ts'
import { heldByCalendar, keepsItsTime, slotFor } from './held-by-calendar.ts'

/** A Friday morning; the next Sunday night opens at 01:00 UTC on the 29th. */
const friday = '2026-11-27T09:00:00.000Z'
const inside = '2026-11-29T01:30:00.000Z'
const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }

const sunday = {
  name: 'Sunday night',
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  at: '02:00',
  zone: 'Europe/Berlin',
  duration: 'PT2H',
}
function calendar(
  windows: Record<string, unknown>[],
  over: { freezes?: unknown[]; dependencies?: unknown[] } = {},
): MaintenanceCalendar {
  return {
    windows: windows.map((one) => MaintenanceWindow.parse({ ...sunday, ...one })),
    freezes: (over.freezes ?? []).map((one) => Freeze.parse(one)),
    dependencies: (over.dependencies ?? []).map((one) => NeverTogether.parse(one)),
  }
}

function change(
  id: string,
  servers: string[],
  over: { class?: 'normal' | 'emergency'; closes?: string[] } = {},
): ChangeState {
  const plan = {
    format: 'upkeep-change-plan/1' as const,
    change: id,
    class: over.class ?? ('normal' as const),
    title: `change ${id}`,
    inputs: servers.map((server) => ({
      kind: 'set-server-version' as const,
      path: '/f',
      server,
      package: 'p',
      from: '1.0.0',
      to: '2.0.0',
    })),
    effects: [],
    summary: [],
    limits: [],
    irreversible: [],
    closes: over.closes ?? [],
    madeAt: friday,
  }
  const state = changeState([
    {
      id: `${id}-0`,
      at: friday,
      change: id,
      seq: 0,
      is: 'proposed',
      plan,
      digest: 'a'.repeat(64),
      requester: signer,
      reason: null,
    },
  ])
  if (state === null) throw new Error('not a change')
  return state
}

const scheduled = (state: ChangeState, from: string, until: string): ChangeState => ({
  ...state,
  window: { from, until, window: 'Sunday night' },
})
const ask = (given: MaintenanceCalendar, now: string, over: { others?: ChangeState[]; due?: string } = {}) => ({
  calendar: given,
  now,
  others: over.others ?? [],
  due: over.due ?? null,
})
const freeze = { from: '2026-11-28T00:00:00Z', until: '2026-12-03T00:00:00Z', why: 'year-end closing' }
const pair = { servers: ['gateway', 'fallback'], why: 'one takes over from the other' }
const fs = change('c1', ['fs'])
const other = scheduled(change('c2', ['db']), '2026-11-29T01:00:00.000Z', '2026-11-29T03:00:00.000Z')
const beside = scheduled(change('c3', ['fallback']), '2026-11-29T01:00:00.000Z', '2026-11-29T03:00:00.000Z')

test.each<[string, ChangeState, Parameters<typeof heldByCalendar>[1], RegExp | null]>([
  ['no window is kept', fs, ask(calendar([]), friday), null],
  [
    'outside',
    fs,
    ask(calendar([{}]), friday),
    /^no window is open; the next time is 2026-11-29 01:00 UTC \("Sunday night"\)$/,
  ],
  ['inside', fs, ask(calendar([{}]), inside), null],
  ['at the very end', fs, ask(calendar([{}]), '2026-11-29T03:00:00.000Z'), /no window is open; .*2026-12-06 01:00/],
  ['a window for another server', fs, ask(calendar([{ servers: ['db'] }]), friday), null],
  [
    'one of two servers has its window',
    change('c', ['db', 'fs']),
    ask(calendar([{ servers: ['db'] }, { at: '03:00', servers: ['fs'] }]), inside),
    /no window is open; the next time is 2026-11-29 02:00/,
  ],
  ['a change of a file is held by what is for all', change('c', []), ask(calendar([{}]), friday), /no window is open/],
  [
    'a change of a file is not held by a window of a server',
    change('c', []),
    ask(calendar([{ servers: ['fs'] }]), friday),
    null,
  ],
  [
    'a freeze in the window',
    fs,
    ask(calendar([{}], { freezes: [freeze] }), inside),
    /nothing is changed until 2026-12-03 00:00 UTC \(year-end closing\); the next time is 2026-12-06/,
  ],
  [
    'a freeze without windows',
    fs,
    ask(calendar([], { freezes: [freeze] }), inside),
    /the next time is 2026-12-03 00:00 UTC$/,
  ],
  ['a freeze of another server', fs, ask(calendar([{}], { freezes: [{ ...freeze, servers: ['db'] }] }), inside), null],
  ['a freeze that is over', fs, ask(calendar([], { freezes: [freeze] }), '2026-12-03T00:00:00.000Z'), null],
  [
    'Sunday is full',
    fs,
    ask(calendar([{ capacity: 1 }]), inside, { others: [other] }),
    /^"Sunday night" is full; the next time is 2026-12-06/,
  ],
  ['Sunday has room', fs, ask(calendar([{ capacity: 2 }]), inside, { others: [other] }), null],
  [
    'both of a pair',
    change('c', ['fallback', 'gateway']),
    ask(calendar([], { dependencies: [pair] }), friday),
    /gateway and fallback down together/,
  ],
  ['one of a pair', change('c', ['gateway']), ask(calendar([], { dependencies: [pair] }), friday), null],
  [
    'the other one of a pair in the same window',
    change('c', ['gateway']),
    ask(calendar([{}], { dependencies: [pair] }), inside, { others: [beside] }),
    /fallback is under change c3 then.*the next time is 2026-12-06/,
  ],
  [
    'the other one of a pair being changed',
    change('c', ['gateway']),
    ask(calendar([], { dependencies: [pair] }), friday, { others: [{ ...beside, phase: 'applying' }] }),
    /fallback is under change c3/,
  ],
  [
    'the other one of a pair is done',
    change('c', ['gateway']),
    ask(calendar([], { dependencies: [pair] }), friday, {
      others: [{ ...beside, phase: 'closed', appliedAt: friday }],
    }),
    null,
  ],
  [
    'due before the next window',
    change('c', ['fs'], { closes: ['abcdefabcdef0123'] }),
    ask(calendar([{}]), friday, { due: '2026-11-28T09:00:00.000Z' }),
    /due 2026-11-28 09:00 UTC, before that\. Is it an emergency\? upkeep emergency abcdefabcdef$/,
  ],
  [
    'due after the next window',
    change('c', ['fs'], { closes: ['abcdefabcdef0123'] }),
    ask(calendar([{}]), friday, { due: '2026-11-30T09:00:00.000Z' }),
    /01:00 UTC \("Sunday night"\)$/,
  ],
  [
    'an emergency waits for no window',
    change('c', ['fs'], { class: 'emergency' }),
    ask(calendar([{}], { freezes: [freeze] }), friday),
    null,
  ],
  [
    'a window that never opens holds',
    fs,
    ask(calendar([{ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }]), friday),
    /no time within a year is free/,
  ],
])('by the calendar: %s', (_, state, grounds, expected) => {
  const held = heldByCalendar(state, grounds)
  if (expected === null) expect(held).toBeNull()
  else expect(held).toMatch(expected)
})

test('the slot ends where the window or its part before a freeze ends', () => {
  const grounds = (over: Parameters<typeof calendar>[1], now = friday) => ask(calendar([{}], over), now)
  const window = 'Sunday night'
  expect(slotFor(fs, grounds({}))).toEqual({
    from: '2026-11-29T01:00:00.000Z',
    until: '2026-11-29T03:00:00.000Z',
    window,
  })
  expect(slotFor(fs, grounds({}, inside))).toEqual({ from: inside, until: '2026-11-29T03:00:00.000Z', window })
  const late = { ...freeze, from: '2026-11-29T02:00:00Z' }
  expect(slotFor(fs, grounds({ freezes: [late] }))?.until).toBe('2026-11-29T02:00:00.000Z')
  const early = { ...freeze, from: '2026-11-28T00:00:00Z', until: '2026-11-29T02:15:00Z' }
  expect(slotFor(fs, grounds({ freezes: [early] }))?.from).toBe('2026-11-29T02:15:00.000Z')
  expect(slotFor(fs, ask(calendar([]), friday))).toBeNull()
})

describe('a time ahead that a change was given', () => {
  const given = { from: '2026-11-29T01:00:00.000Z', until: '2026-11-29T03:00:00.000Z', window: 'Sunday night' }
  const planned = { ...fs, window: given }
  const keeps = (state: ChangeState, ...asked: Parameters<typeof ask>) => keepsItsTime(state, ask(...asked))
  const freezes = (from: string, until: string) => calendar([{}], { freezes: [{ ...freeze, from, until }] })

  test.each<[string, ReturnType<typeof calendar>, boolean]>([
    ['the window is as it was', calendar([{}]), true],
    ['it is longer now', calendar([{ duration: 'PT4H' }]), true],
    ['it has another name', calendar([{ name: 'other' }]), true],
    ['no calendar is kept any more', calendar([]), true],
    ['it is shorter', calendar([{ duration: 'PT1H' }]), false],
    ['it opens on another day', calendar([{ rrule: 'FREQ=WEEKLY;BYDAY=SA' }]), false],
    [
      'it is for others, and another is for these',
      calendar([{ servers: ['b'] }, { at: '05:00', servers: ['fs'] }]),
      false,
    ],
    ['a freeze lies over it', freezes('2026-11-28T00:00:00Z', '2026-11-30T00:00:00Z'), false],
    ['a freeze begins within it', freezes('2026-11-29T02:00:00Z', '2026-11-30T00:00:00Z'), false],
    ['a freeze is over before', freezes('2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'), true],
  ])('where %s', (_, now, expected) => {
    expect(keeps(planned, now, friday)).toBe(expected)
  })

  test('that has begun, or is none, is for the gate', () => {
    expect(keeps(planned, calendar([{ at: '05:00' }]), inside)).toBe(true)
    expect(keeps(fs, calendar([{ at: '05:00' }]), friday)).toBe(true)
  })
})
