import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UserError } from '@upkeep/contract'
import type { Store } from '@upkeep/engine/store/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenedState, openedOnce } from '../../opened-state.ts'
import { type Known, tellError } from '../../told-error.ts'
import { keyedWrite } from './keyed-write.ts'
import type { Call, CallAnswer, Problem } from './messages.ts'

let state: OpenedState
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-keyed-'))
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

function problemOf(error: unknown, known: Known): Problem {
  const { code, failed, means, action } = tellError(error, false, known)
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

test('where its answer cannot be kept it is given all the same; asked again that is lost, and nothing is done twice', async () => {
  await state.open()
  const database = new DatabaseSync(join(folder, 'state.db'))
  database.exec(`create trigger keeps_none before update of answer on requests begin select raise(abort, 'no'); end`)
  database.close()
  let times = 0
  const asked = () =>
    keyedWrite({ state, call, key: 'a-name-of-it', problemOf }, async (over) => {
      times += 1
      await (await over.open()).transaction((tx) => record(tx, 'r'))
      return { body: '{"done":true}', outcome: null }
    })
  expect(await asked()).toMatchObject({ state: 'answered', body: '{"done":true}', replayed: false })
  await expect(asked()).rejects.toMatchObject({ code: 'answer-lost' })
  expect(times).toBe(1)
})

test('where nobody can see what was recorded, it is not said that nothing was', async () => {
  const answer = await keyedWrite({ state, call, key: 'a-name-of-it', problemOf }, async () => {
    const database = new DatabaseSync(join(folder, 'state.db'))
    database.exec(`create trigger drops_none before delete on requests begin select raise(abort, 'no'); end`)
    database.close()
    throw new UserError('cannot-run', 'The server did not start.', 'Look at its log.')
  })
  expect(answer).toMatchObject({ problem: { means: expect.stringContaining('is not known: see "upkeep changes"') } })
})
