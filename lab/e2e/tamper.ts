import { chmodSync, cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Installation } from './installation.ts'
import { withState } from './state-database.ts'

/** One leaf of the ledger with the record it stands for. */
export interface Leaf {
  position: number
  table: string
  recordId: string
}

/** A copy of an installation's state under another name, to be altered. */
export function copyOf(installation: Installation, name: string): Installation {
  const stateDir = join(installation.root, name)
  cpSync(installation.stateDir, stateDir, { recursive: true })
  // A copy takes the mode that new folders have, and the product refuses a state that others can enter.
  for (const entry of readdirSync(stateDir, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600)
  }
  chmodSync(stateDir, 0o700)
  return { ...installation, stateDir }
}

/** The first leaf of a type at or after a position. */
export function leafOf(installation: Installation, type: 'run' | 'finding', from: number): Leaf {
  return withState(installation, (state) => {
    const row = state
      .prepare('select position, record_id from ledger where type = ? and position >= ? order by position')
      .get(type, from)
    if (!row) throw new Error(`no ${type} at or after leaf ${from}`)
    return { position: Number(row.position), table: `${type}s`, recordId: String(row.record_id) }
  })
}

export function ledgerSize(installation: Installation): number {
  return withState(installation, (state) => Number(state.prepare('select count(*) as size from ledger').get()?.size))
}

/** Alters the text of one stored record. */
export function alterRecord(installation: Installation, leaf: Leaf): void {
  withState(installation, (state) => {
    const body = String(state.prepare(`select body from ${leaf.table} where id = ?`).get(leaf.recordId)?.body)
    const altered = body.replace(/T\d\d:/, (hour) => (hour === 'T00:' ? 'T01:' : 'T00:')).replace('"fail":', '"fail":9')
    if (altered === body) throw new Error('nothing was altered')
    change(state, `update ${leaf.table} set body = ? where id = ?`, [altered, leaf.recordId])
  })
}

/** Drops one stored record and leaves its leaf. */
export function dropRecord(installation: Installation, leaf: Leaf): void {
  withState(installation, (state) => change(state, `delete from ${leaf.table} where id = ?`, [leaf.recordId]))
}

/** Drops a record and its leaf, and closes the gap, as somebody would who knows the ledger. */
export function dropRecordAndLeaf(installation: Installation, leaf: Leaf): void {
  dropRecord(installation, leaf)
  withState(installation, (state) => {
    change(state, 'delete from ledger where position = ?', [leaf.position])
    // Through negative numbers, since a position may be there once only at any moment.
    state.exec(`update ledger set position = -position where position > ${leaf.position}`)
    state.exec('update ledger set position = -position - 1 where position < 0')
  })
}

/** Exchanges two leaves. */
export function swapLeaves(installation: Installation, one: Leaf, other: Leaf): void {
  withState(installation, (state) => {
    change(state, 'update ledger set position = -1 where position = ?', [one.position])
    change(state, 'update ledger set position = ? where position = ?', [one.position, other.position])
    change(state, 'update ledger set position = ? where position = -1', [other.position])
  })
}

/** Alters one stored object: what a run concluded. */
export function alterVerdicts(installation: Installation, leaf: Leaf): void {
  withState(installation, (state) => {
    const run = JSON.parse(String(state.prepare('select body from runs where id = ?').get(leaf.recordId)?.body))
    const body = Buffer.from('[]')
    change(state, "update objects set encoding = 'plain', size = 2, body = ? where digest = ?", [body, run.verdicts])
  })
}

/** Removes everything from a leaf on: leaves, their records, the checkpoints that knew of them. */
export function removeTail(installation: Installation, from: number): void {
  withState(installation, (state) => {
    for (const row of state.prepare('select type, record_id from ledger where position >= ?').all(from)) {
      change(state, `delete from ${row.type}s where id = ?`, [String(row.record_id)])
    }
    state.exec(`delete from ledger where position >= ${from}`)
    state.exec(`delete from checkpoints where size > ${from}`)
  })
}

function change(state: DatabaseSync, statement: string, values: (string | number | Uint8Array)[]): void {
  if (state.prepare(statement).run(...values).changes === 0) throw new Error(`nothing changed: ${statement}`)
}
