import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { UserError } from '@upkeep/contract'
import type { Store } from '@upkeep/engine/store/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenedState, openedOnce } from './opened-state.ts'
import { FailedLate, failedLate, watchedState } from './recording.ts'
import { tellError } from './told-error.ts'

let folder: string
let opened: OpenedState
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-recording-'))
  const machine = {
    platform: 'linux' as const,
    home: folder,
    user: 'ada',
    env: {},
    cwd: folder,
    nodePath: '',
    programPath: '',
  }
  opened = openedOnce(folder, machine)
})
afterEach(() => opened.close())

function leaf(tx: Store, type: 'run' | 'change' | 'attestation', recordId: string = type): Promise<void> {
  return tx.ledger.append([{ type, recordId, leafHash: 'ab', at: '2026-11-22T09:30:00.000Z' }])
}

const failure = new UserError('cannot-run', 'The server did not start.', 'Look at its log.')

/** Does something over a watched state, fails, and says what is told of it. */
async function toldOf(work: (store: Store) => Promise<unknown>): Promise<string> {
  const { state, recording } = watchedState(opened)
  await work(await state.open()).catch(() => {})
  return tellError(failedLate(failure, recording()), false).means
}

const nothing = 'Nothing was recorded; earlier verdicts stand.'

test('what is committed stands, and is named by what shows it', async () => {
  const said = await toldOf(async (store) => {
    await store.transaction((tx) => leaf(tx, 'run'))
    await store.transaction(async (tx) => {
      await leaf(tx, 'change')
      await tx.transaction((inner) => leaf(inner, 'attestation', '019abc'))
    })
  })
  expect(said).toBe(
    'Part of it was recorded before that, and stands: see "upkeep changes", "upkeep runs", "upkeep show 019abc".',
  )
})

test('what was taken back with its transaction is not said to stand', async () => {
  expect(await toldOf(async () => {})).toBe(nothing)
  const thrown = await toldOf((store) =>
    store.transaction(async (tx) => {
      await leaf(tx, 'run')
      throw failure
    }),
  )
  expect(thrown).toBe(nothing)
  const inner = await toldOf((store) =>
    store.transaction(async (tx) => {
      await leaf(tx, 'run')
      const undone = async (within: Store) => {
        await leaf(within, 'change')
        throw failure
      }
      await tx.transaction(undone).catch(() => {})
    }),
  )
  expect(inner).toBe('Part of it was recorded before that, and stands: see "upkeep runs".')
})

test('what others recorded meanwhile is no part of it', async () => {
  const said = await toldOf(async () => {
    await (await opened.open()).transaction((tx) => leaf(tx, 'run'))
  })
  expect(said).toBe(nothing)
})

test('where a commit fails at its end it is not known, whatever stands from before', async () => {
  await opened.open()
  failCommitsOf('change')
  const alone = await toldOf((store) => store.transaction((tx) => leaf(tx, 'change')))
  expect(alone).toBe('Whether it was recorded is not known: see "upkeep changes".')
  const after = await toldOf(async (store) => {
    await store.transaction((tx) => leaf(tx, 'run'))
    await store.transaction((tx) => leaf(tx, 'change'))
  })
  expect(after).toBe(
    'Part of it was recorded before that, and stands: see "upkeep runs". Whether more of it was recorded is not known: see "upkeep changes".',
  )
})

test('a transaction that is still under way is not known either', async () => {
  const { state, recording } = watchedState(opened)
  const store = await state.open()
  let goOn = () => {}
  const written = new Promise<void>((isWritten) => {
    void store.transaction(async (tx) => {
      await leaf(tx, 'run')
      isWritten()
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
    })
  })
  await written
  expect(recording()).toEqual({ stands: [], unsure: ['runs'] })
  goOn()
})

test('a failure after a commit keeps its code and its words, and a stop says both what stands', () => {
  const late = failedLate(failure, { stands: ['runs'], unsure: [] })
  expect(late).toBeInstanceOf(FailedLate)
  expect(tellError(late, false)).toMatchObject({ code: 'cannot-run', failed: failure.message, action: failure.action })
  expect(tellError(late, true)).toMatchObject({
    code: 'stopped',
    means:
      'Kept: everything that was sealed before. Part of it was recorded before that, and stands: see "upkeep runs".',
  })
  expect(failedLate(failure, { stands: [], unsure: [] })).toBe(failure)
})

/** From now on every commit that holds a leaf of the type fails when it is made: a row of it points at nothing, which is looked at only then. */
function failCommitsOf(type: string): void {
  const database = new DatabaseSync(join(folder, 'state.db'))
  database.exec(`
    create table other (id integer primary key);
    create table pointing (other integer references other (id) deferrable initially deferred);
    create trigger fails after insert on ledger when new.type = '${type}' begin insert into pointing values (1); end;
  `)
  database.close()
}
