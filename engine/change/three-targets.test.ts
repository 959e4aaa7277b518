import { chownSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contingencyMarkdown } from '@upkeep/domain/changes/contingency'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChangeWorld } from './change-world.ts'
import { makeChange, takeBack } from './drive-change.ts'
import { storedChange } from './record-step.ts'
import { alone, approve, type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

const names = ['one.json', 'two.json', 'three.json']
let made: MadeWorld
let before: Record<string, string>
beforeEach(async () => {
  made = await makeWorld(names)
  made.write('one.json', '\ufeff{ "args": ["server@1.0.0"] } // mine\r\n', 0o640)
  made.write('two.json', '{"args":["server@1.0.0"],"unknown":1e3}', 0o600)
  made.write('three.json', '{\n\t"args": ["server@1.0.0"]\n}\n', 0o644)
  before = made.all()
})
afterEach(() => made.drop())

/** A world in which something happens to the third file once the second is written and recorded. */
function meddling(meddle: (path: string) => void): ChangeWorld {
  let written = 0
  const between = (call: string) => {
    if (call !== 'recorded effect-done') return
    written += 1
    if (written === 2) meddle(made.path('three.json'))
  }
  return { ...made.world, between }
}

/** The third was never written: whatever lies there now, nothing of ours stands. */
const meddled: [string, (path: string) => void, RegExp][] = [
  ['is removed', (path) => rmSync(path), /somebody else wrote it meanwhile/],
  ['is written by somebody else', (path) => writeFileSync(path, 'theirs'), /somebody else wrote it meanwhile/],
  [
    'becomes a folder',
    (path) => {
      rmSync(path)
      mkdirSync(path)
    },
    /three\.json/,
  ],
  [
    'becomes a link to somewhere else',
    (path) => {
      renameSync(path, `${path}.real`)
      symlinkSync(`${path}.real`, path)
    },
    /symbolic link/,
  ],
]

describe('a change of three files whose third cannot be written', () => {
  test.each(meddled)(
    'because it %s: the first two are as they were, to the byte and the mode',
    async (_name, meddle, why) => {
      const state = await approve(made, await propose(made, names))
      expect(contingencyMarkdown(state, { people: [], declared: null })).toMatch(
        /three\.json \| 2 before it are taken back, to the very bytes/,
      )
      const end = await makeChange(meddling(meddle), state, alone)
      expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
      expect(end.undoing?.why).toMatch(why)
      const { 'three.json': _theirs, ...rest } = before
      for (const [name, is] of Object.entries(rest)) expect(`${made.mode(name)} ${made.text(name)}`).toBe(is)
      const undone = end.steps.flatMap((step) => (step.is === 'effect-undone' ? [`${step.index} ${step.how}`] : []))
      expect(undone.slice(1)).toEqual(['1 identical', '0 identical'])
      // What is stored says the same: nothing of it stands.
      expect((await storedChange(made.store, state.id))?.done.size).toBe(0)
    },
  )

  // Only root can give a file away.
  test.skipIf(process.getuid?.() !== 0)(
    'because it is somebody else’s now: the same, and theirs is not touched',
    async () => {
      const state = await approve(made, await propose(made, names))
      const end = await makeChange(
        meddling((path) => chownSync(path, 4242, 4242)),
        state,
        alone,
      )
      expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
      expect(end.undoing?.why).toMatch(/belongs to user 4242/)
      expect(made.all()).toEqual(before)
    },
  )
})

describe('a fault in each step ends as the plan for when it goes wrong has it', () => {
  const planOf = (state: Parameters<typeof contingencyMarkdown>[0]) =>
    contingencyMarkdown(state, { people: [], declared: null }).split('\n')

  const each = names.map((name, index) => [name, index] as const)
  test.each(each)('writing %s', async (name, index) => {
    const state = await approve(made, await propose(made, names))
    const line = planOf(state).find((one) => one.includes(`/${name} |`))
    const said = ['nothing stands', '1 before it is taken back', '2 before it are taken back'][index] ?? ''
    expect(line).toContain(`| ${said}, to the very bytes |`)
    let written = 0
    const between = (call: string) => {
      if (call === 'recorded effect-done') written += 1
      const isBefore = call === (index === 0 ? 'recorded applying' : 'recorded effect-done') && written === index
      if (isBefore) writeFileSync(made.path(name), 'theirs')
    }
    const end = await makeChange({ ...made.world, between }, state, alone)
    expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
    expect(written).toBe(index)
    const { [name]: _theirs, ...rest } = before
    for (const [other, is] of Object.entries(rest)) expect(`${made.mode(other)} ${made.text(other)}`).toBe(is)
    expect(made.text(name)).toBe('theirs')
    expect((await storedChange(made.store, state.id))?.done.size).toBe(0)
  })

  test('before the first write', async () => {
    const state = await approve(made, await propose(made, names))
    expect(planOf(state)).toContain('| before the first write | nothing was written: give it up, or plan it again |')
    writeFileSync(made.path('one.json'), 'theirs')
    await expect(makeChange(made.world, state, alone)).rejects.toThrow()
    expect((await storedChange(made.store, state.id))?.done.size).toBe(0)
    for (const name of ['two.json', 'three.json']) expect(`${made.mode(name)} ${made.text(name)}`).toBe(before[name])
  })

  test('looking again', async () => {
    const state = await approve(made, await propose(made, names))
    expect(planOf(state)).toContain(`| looking again | upkeep undo ${state.id} |`)
    const observe: ChangeWorld['observe'] = async () => {
      throw new Error('nothing could be looked at')
    }
    await expect(makeChange({ ...made.world, observe }, state, alone)).rejects.toThrow('nothing could be looked at')
    const stands = await storedChange(made.store, state.id)
    if (stands === null) throw new Error('gone')
    const why = { why: 'taken back by hand', signer: null }
    expect(await takeBack(made.world, stands, why, alone)).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
    expect(made.all()).toEqual(before)
  })
})

test('all three are taken back where they were written and the look afterwards finds that it does not work', async () => {
  const state = await approve(made, await propose(made, names))
  const observe: ChangeWorld['observe'] = async ({ phase }) => ({
    holds: true,
    findings: [],
    pending: [],
    ...(phase === 'applied' ? { abort: 'fs does not run through its entry as it now stands: it ended with 1' } : {}),
  })
  const end = await makeChange({ ...made.world, observe }, state, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
  expect(made.all()).toEqual(before)
  const undone = end.steps.flatMap((step) => (step.is === 'effect-undone' ? [`${step.index} ${step.how}`] : []))
  expect(undone).toEqual(['2 identical', '1 identical', '0 identical'])
})

test('and stand, each with the bytes that were planned, where nothing is in the way', async () => {
  const state = await approve(made, await propose(made, names))
  expect((await makeChange(made.world, state, alone)).outcome).toBe('done')
  const planned = Object.fromEntries(Object.entries(before).map(([name, is]) => [name, is.replace('1.0.0', '2.0.0')]))
  expect(made.all()).toEqual(planned)
})

test('stopped right after the third was written, and a link lies there when it goes on: nobody can say that it does not stand', async () => {
  const state = await approve(made, await propose(made, names))
  const path = made.path('three.json')
  let swaps = 0
  const between = (call: string) => {
    swaps += Number(call === 'swap')
    if (swaps === 3 && call === 'record effect-done') throw new Error('stopped')
  }
  await expect(makeChange({ ...made.world, between }, state, alone)).rejects.toThrow('stopped')
  renameSync(path, `${path}.real`)
  symlinkSync(`${path}.real`, path)
  const end = await makeChange(made.world, (await storedChange(made.store, state.id)) ?? state, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back-in-part' })
  expect([...end.left]).toEqual([[2, expect.stringMatching(/symbolic link/)]])
})

test('what was kept of one is lost: the others are taken back, that one is named, and undo takes it back once it is there again', async () => {
  const state = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
  const kept = join(made.root, 'state', 'undo', state.id, '1-before')
  const ours = made.text('two.json')
  renameSync(kept, `${kept}.away`)
  const why = { why: 'a test', signer: null }
  const end = await takeBack(made.world, state, why, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back-in-part' })
  expect([...end.left]).toEqual([[1, expect.stringMatching(/What was kept of change .* is gone.*undo again/)]])
  expect(made.all()).toEqual({ ...before, 'two.json': expect.stringContaining(ours) })
  renameSync(`${kept}.away`, kept)
  const again = (await storedChange(made.store, state.id)) ?? end
  expect(await takeBack(made.world, again, why, alone)).toMatchObject({ outcome: 'rolled-back' })
  expect(made.all()).toEqual(before)
})
