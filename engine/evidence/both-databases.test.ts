import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { tamper } from '@upkeep/lab/postgres/tamper'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store, StorePlace } from '../store/store.ts'
import { exportPack } from './export-pack.ts'
import { openKeyring } from './keyring.ts'
import { proveRecord } from './prove-record.ts'
import { rotateKey } from './rotate-key.ts'
import { type Sealable, seal } from './seal.ts'
import { type MadeStore, minute, roundOf, sealRound } from './testing/made-store.ts'
import { verifyStore } from './verify-store.ts'

onBothDatabases('evidence', (bench) => {
  let stateDir: string
  let place: StorePlace
  let made: MadeStore
  beforeEach(async () => {
    stateDir = mkdtempSync(join(tmpdir(), 'upkeep-keys-'))
    place = await bench.newPlace()
    made = openAs(await bench.open(place))
  })
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

  const openAs = (store: Store): MadeStore => ({
    stateDir,
    store,
    keyring: openKeyring({ stateDir, practice: false }),
  })
  const problems = async () => (await verifyStore(made.store)).problems.map(({ what, index }) => `${what} ${index}`)

  test('what is sealed verifies, over a change of key and more leaves than one page', async () => {
    await sealRound(made, 1)
    await rotateKey(made.store, made.keyring, minute(2))
    const findings = Array.from({ length: 1_100 }, (_, count) => roundOf(count + 10).finding)
    await made.store.transaction(async (tx) => {
      await tx.findings.appendMany(findings)
      const records = findings.map((record): Sealable => ({ type: 'finding', record }))
      await seal(tx, openAs(made.store).keyring, records, minute(3))
    })
    expect(await verifyStore(made.store)).toMatchObject({ valid: true, leaves: 1_104, checkpoints: 3 })
    for (const id of ['finding-10', 'finding-1109']) {
      const made1 = await proveRecord(made.store, { type: 'finding', id, since: 4 })
      expect(made1).toMatchObject({ proof: { id, keys: [{ index: 0 }, { index: 3 }], earlier: { size: 4 } } })
    }
    let lines = 0
    await exportPack(made.store, { exportedAt: minute(4) }, (piece) => {
      lines += piece.split('\n').length - 1
    })
    expect(lines).toBeGreaterThan(2_208)
  })

  test.each([
    [`update findings set body = replace(body, '"low"', '"high"') where id = 'finding-2'`, 'record-changed 4'],
    [`delete from runs where id = 'run-2'`, 'record-missing 3'],
    [`update runs set duty = 'other' where id = 'run-2'`, 'column-differs 3'],
    [`update ledger set type = 'nonsense' where position = 4`, 'unreadable 0'],
    [`delete from ledger where position = 2`, 'leaf-missing 2'],
    [`delete from ledger where position > 4`, 'tail-removed 5'],
    [`delete from checkpoints where size = 7`, 'tail-unsigned 5'],
    [`update keys set body = replace(body, '2026', '2025')`, 'record-changed 0'],
  ])('%s: %s', async (statement, expected) => {
    for (const count of [1, 2, 3]) await sealRound(made, count)
    await tamper(place, statement)
    expect(await problems()).toContain(expected)
  })

  test('a transaction that fails leaves no leaf, no checkpoint and no record', async () => {
    await sealRound(made, 1)
    const { run } = roundOf(2)
    const failing = made.store.transaction(async (tx) => {
      await tx.runs.append(run)
      await seal(tx, made.keyring, [{ type: 'run', record: run }], minute(2))
      throw new Error('killed')
    })
    await expect(failing).rejects.toThrow('killed')
    expect(await verifyStore(made.store)).toMatchObject({ valid: true, leaves: 3, checkpoints: 1 })
    await sealRound(made, 2)
    expect(await verifyStore(made.store)).toMatchObject({ valid: true, leaves: 5, checkpoints: 2, problems: [] })
  })

  test('two at once, from the first record on, make one ledger', async () => {
    const other = openAs(await bench.open(place))
    await Promise.all([1, 3, 5].map((count) => sealRound(made, count)))
    await Promise.all([sealRound(made, 7), sealRound(other, 8), sealRound(other, 9)])
    expect(await verifyStore(other.store)).toMatchObject({ valid: true, leaves: 13, checkpoints: 6, problems: [] })
  })
})
