import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeChange } from './drive-change.ts'
import { keptBytesIn } from './kept-bytes.ts'
import { storedChange } from './record-step.ts'
import { alone, approve, type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

const names = ['one.json', 'two.json']
const text = '{"args":["server@1.0.0"]}\n'
let made: MadeWorld
afterEach(() => made.drop())

async function world(over: Parameters<typeof makeWorld>[1]) {
  made = await makeWorld(names, over)
  for (const name of names) made.write(name, text)
}

test('a missing backup is a no-go: recorded, and nothing is written', async () => {
  await world({})
  const kept = keptBytesIn(join(made.root, 'state'))
  // The disk takes the bytes and does not have them afterwards.
  const forgetful = {
    ...kept,
    keep: (change: string, name: string, bytes: Uint8Array) => {
      kept.keep(change, name, bytes)
      if (name === '1-before') rmSync(join(made.root, 'state', 'undo', change, name))
    },
  }
  const state = await approve(made, await propose(made, names))
  await expect(makeChange({ ...made.world, kept: forgetful }, state, alone)).rejects.toThrow(
    /no-go: all that is there can be put back as it is .*two\.json/,
  )
  expect(names.map((name) => made.text(name))).toEqual([text, text])
  const stored = await storedChange(made.store, state.id)
  expect(stored).toMatchObject({ phase: 'proposed', decision: { go: false } })
  // With the disk in order again it is a go.
  expect(await makeChange(made.world, stored ?? state, alone)).toMatchObject({
    outcome: 'done',
    decision: { go: true },
  })
})

test('what else has to be there and is not is a no-go; what nobody knows is none', async () => {
  const check = (state: 'missing' | 'not-known') => ({
    name: 'the night shift is there',
    state,
    detail: 'nobody answered',
  })
  await world({ contingency: async () => ({ checks: [check('missing')], until: null, asked: [] }) })
  const state = await approve(made, await propose(made, names))
  await expect(makeChange(made.world, state, alone)).rejects.toThrow(
    'no-go: the night shift is there (nobody answered)',
  )
  const unknown = { ...made.world, contingency: async () => ({ checks: [check('not-known')], until: null, asked: [] }) }
  const stored = await storedChange(made.store, state.id)
  expect((await makeChange(unknown, stored ?? state, alone)).outcome).toBe('done')
})

test('a change whose time is over in the middle takes itself back', async () => {
  let now = Date.now()
  const clock = { kind: 'system' as const, now: () => new Date(now).toISOString() }
  const until = new Date(now + 60_000).toISOString()
  await world({
    contingency: async () => ({ checks: [], until, asked: [] }),
    between: (call) => {
      if (call === 'recorded effect-done') now += 61_000
    },
  })
  const state = await approve(made, await propose(made, names))
  const ended = await makeChange({ ...made.world, clock: { ...made.world.clock, ...clock } }, state, alone)
  expect(ended).toMatchObject({
    outcome: 'rolled-back',
    undoing: { why: expect.stringMatching(/its time was over .* 1 of 2 effects made/) },
  })
  expect(names.map((name) => readFileSync(made.path(name), 'utf8'))).toEqual([text, text])
})
