import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'
import type { Store } from '@upkeep/engine/store/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenedState, openedOnce } from '../../compose.ts'
import { tellError } from '../../told-error.ts'
import { keyedWrite } from './keyed-write.ts'
import type { Call, CallAnswer, Problem } from './messages.ts'

let state: OpenedState
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-keyed-'))
  state = openedOnce(folder, {
    platform: 'linux',
    home: folder,
    user: 'ada',
    env: {},
    cwd: folder,
    nodePath: '',
    programPath: '',
  })
})
afterEach(() => state.close())

const caller = { person: 'ada', roles: ['admin' as const], agent: false }
const call: Call = { operation: 'a', effect: 'write', input: {}, caller, page: null, known: null, key: 'a-name' }

function problemOf(error: unknown): Problem {
  const { code, failed, means, action } = tellError(error, false)
  return { code, message: failed, means, action }
}

/** Asks for a write that records so much and then fails; counts how often it was really begun. */
function writing(leaves: number, begun: { times: number }): Promise<CallAnswer> {
  return keyedWrite({ state, call, key: 'a-name-of-it', problemOf }, async (over) => {
    begun.times += 1
    const store = await over.open()
    for (let leaf = 0; leaf < leaves; leaf += 1) await store.transaction((tx) => record(tx, `r${leaf}`))
    throw new UserError('cannot-run', 'The server did not start.', 'Look at its log.')
  })
}

function record(tx: Store, recordId: string): Promise<void> {
  return tx.ledger.append([{ type: 'run', recordId, leafHash: 'ab', at: '2026-11-22T09:30:00.000Z' }])
}

test('what fails after something of it was recorded is told its own problem again, and is not done again', async () => {
  const begun = { times: 0 }
  const first = await writing(2, begun)
  expect(first).toMatchObject({
    state: 'failed',
    problem: { code: 'cannot-run', message: 'The server did not start.' },
  })
  expect(first.state === 'failed' && first.problem.means).toContain('Part of it was recorded')
  expect(await writing(2, begun)).toEqual(first)
  expect(begun.times).toBe(1)
  expect(await (await state.open()).ledger.size()).toBe(2)
})

test('what fails before that is done when it is asked again, and says that nothing was recorded', async () => {
  const begun = { times: 0 }
  expect(await writing(0, begun)).toMatchObject({ problem: { means: 'Nothing was recorded; earlier verdicts stand.' } })
  await writing(0, begun)
  expect(begun.times).toBe(2)
})
