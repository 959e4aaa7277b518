import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeChange } from './drive-change.ts'
import { openEmergency } from './open-emergency.ts'
import { planChange, proposeChange } from './propose-change.ts'
import { ada, alone, approve, type MadeWorld, makeWorld } from './testing/made-world.ts'

const name = 'one.json'
const text = '{"args":["server@1.0.0"]}\n'
let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld([name])
  made.write(name, text)
})
afterEach(() => made.drop())

async function plan() {
  const input = {
    kind: 'set-server-version' as const,
    path: made.path(name),
    server: 'fs',
    package: 'server',
    from: '1.0.0',
    to: '2.0.0',
  }
  const planned = await planChange(made.world, {
    inputs: [input],
    title: 'off with it',
    class: 'emergency',
    closes: [],
  })
  if (planned === null) throw new Error('there is nothing to change')
  return planned
}

const about = {
  trigger: { kind: 'server' as const, name: 'fs', fingerprint: null },
  affected: [],
  notKnown: [],
  requester: ada,
  reason: null,
}

test('the engine makes no emergency change before what was there is kept', async () => {
  const proposed = await proposeChange(made.world, await plan(), { requester: ada, reason: null })
  await expect(makeChange(made.world, await approve(made, proposed), alone)).rejects.toThrow('was not kept yet')
  expect(made.text(name)).toBe(text)
})

test('what was kept is sealed before the first write, and shows the file as it was', async () => {
  const capture = async () => ({ kept: [{ name: 'files', value: { [name]: made.text(name) }, count: 1 }], missing: [] })
  const opened = await openEmergency(made.world, await plan(), { ...about, rehearsal: false, capture })
  const state = await makeChange(made.world, await approve(made, opened), alone)
  expect(state.outcome).toBe('done')
  const order = state.steps.map(({ is }) => is)
  expect(order.indexOf('evidence')).toBeGreaterThan(-1)
  expect(order.indexOf('evidence')).toBeLessThan(order.indexOf('applying'))
  await made.world.assertSealed(state.steps)
  const digest = state.evidence?.captured[0]?.digest ?? ''
  expect(JSON.parse((await made.store.objects.get(digest)) ?? '')).toEqual({ [name]: text })
})

test('a rehearsal is never made, whatever is approved', async () => {
  const opened = await openEmergency(made.world, await plan(), {
    ...about,
    rehearsal: true,
    capture: async () => ({ kept: [], missing: [] }),
  })
  await expect(makeChange(made.world, await approve(made, opened), alone)).rejects.toThrow('it is a rehearsal')
  expect(made.text(name)).toBe(text)
  expect(opened.emergency?.rehearsal).toBe(true)
})
