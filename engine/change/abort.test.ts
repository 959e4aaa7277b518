import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChangeWorld } from './change-world.ts'
import { closePending, makeChange } from './drive-change.ts'
import { alone, approve, type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

const text = '{ "args": ["server@1.0.0"] }\n'
let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld(['one.json'])
  made.write('one.json', text)
})
afterEach(() => made.drop())

function seeing(observe: ChangeWorld['observe']): ChangeWorld {
  return { ...made.world, observe }
}

test('a criterion for giving up takes the change back by itself, to the byte', async () => {
  const before = made.all()
  const state = await approve(made, await propose(made, ['one.json']))
  const fingerprint = 'f'.repeat(64)
  const world = seeing(async ({ phase }) =>
    phase === 'applied'
      ? { holds: true, findings: [], pending: [], abort: 'fs does not start: it ended with 1' }
      : { holds: true, findings: [{ fingerprint, state: 'open' }], pending: [] },
  )
  const end = await makeChange(world, state, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
  expect(end.closing).toContain('fs does not start: it ended with 1')
  expect(end.closing).toContain(
    'one finding is open again: accept each until a day with "upkeep accept ffffffffffff --until"',
  )
  expect(made.all()).toEqual(before)
})

test('a process of before keeps it open, and it is closed once nothing is pending any more', async () => {
  const state = await approve(made, await propose(made, ['one.json']))
  let pending = ['process 4711 of fs still runs what was there before: restart cursor']
  const world = seeing(async () => ({ holds: true, findings: [], pending }))
  const open = await makeChange(world, state, alone)
  expect(open).toMatchObject({ phase: 'applied', sighting: { pending } })
  pending = []
  expect(await makeChange(world, open, alone)).toMatchObject({ phase: 'closed', outcome: 'done' })
})

test('a scan closes it once what ran before is gone; while that runs, or cannot be looked for, nothing is recorded', async () => {
  const state = await approve(made, await propose(made, ['one.json']))
  const still = { holds: true, findings: [], pending: ['process 4711 of fs still runs what was there before'] }
  let seen: Awaited<ReturnType<ChangeWorld['glance']>> = still
  const world = { ...seeing(async () => still), glance: async () => seen }
  expect(await closePending(world, state, alone)).toBe(state)
  const open = await makeChange(world, state, alone)
  expect(await closePending(world, open, alone)).toBe(open)
  seen = null
  expect(await closePending(world, open, alone)).toBe(open)
  seen = { ...still, pending: [] }
  const closed = await closePending(world, open, alone)
  expect(closed).toMatchObject({ phase: 'closed', outcome: 'done', closing: 'seen to be in force' })
  expect(closed.next).toBe(open.next + 2)
})
