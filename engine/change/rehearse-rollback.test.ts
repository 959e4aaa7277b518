import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineRemediation } from '@upkeep/contract/remediation'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rehearseRollback } from './rehearse-rollback.ts'
import { type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

const text = '{ "args": ["server@1.0.0"] }\n'
let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld(['one.json', 'two.json'])
  made.write('one.json', text, 0o640)
  made.write('two.json', text, 0o600)
})
afterEach(() => made.drop())

const folder = () => join(made.root, 'rehearsals')

test('rollback rehearsed: made and taken back on copies, and the files themselves are not touched', async () => {
  const state = await propose(made, ['one.json', 'two.json'])
  const before = made.all()
  expect(await rehearseRollback(made.world, state, folder())).toMatchObject({
    name: 'rollback rehearsed',
    outcome: 'passed',
    detail: expect.stringContaining('2 files'),
  })
  expect(made.all()).toEqual(before)
  expect(readdirSync(folder())).toEqual([])
})

test('a change that would not come out as it was planned fails the rehearsal', async () => {
  const state = await propose(made, ['one.json'])
  made.write('one.json', `${text} `, 0o640)
  expect(await rehearseRollback(made.world, state, folder())).toMatchObject({ outcome: 'failed' })
  expect(readdirSync(folder())).toEqual([])
})

test('a remediation that is no longer possible fails the rehearsal with its reason', async () => {
  const state = await propose(made, ['one.json'])
  const refusing = defineRemediation({
    makes: 'set-server-version',
    version: 1,
    title: 'Refuses',
    reaches: [],
    preview: () => ({ state: 'unavailable', code: 'not-supported', reason: 'the entry is gone' }),
  })
  const world = { ...made.world, remediations: [refusing] }
  expect(await rehearseRollback(world, state, folder())).toMatchObject({
    outcome: 'failed',
    detail: expect.stringContaining('the entry is gone'),
  })
})
