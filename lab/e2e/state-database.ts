import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'
import { ChangeStep, type Finding, type Run } from '@upkeep/contract'
import type { Installation } from './installation.ts'

/** Opens the state as a stranger would: with SQLite, without the product. */
export function openState(installation: Installation): DatabaseSync {
  return new DatabaseSync(join(installation.stateDir, 'state.db'))
}

/** Uses the state and closes it, whatever happens. */
export function withState<T>(installation: Installation, use: (state: DatabaseSync) => T): T {
  const state = openState(installation)
  try {
    return use(state)
  } finally {
    state.close()
  }
}

export function storedRuns(installation: Installation): Run[] {
  return withState(installation, (state) => bodies(state, 'runs')).map((body) => JSON.parse(body))
}

export function storedFindings(installation: Installation): Finding[] {
  return withState(installation, (state) => bodies(state, 'findings')).map((body) => JSON.parse(body))
}

/** The steps of one change, in order. */
export function storedSteps(installation: Installation, change: string): ChangeStep[] {
  return withState(installation, (state) => {
    const rows = state.prepare('select body from change_steps where change_id = ? order by seq').all(change)
    return rows.map(({ body }) => ChangeStep.parse(JSON.parse(String(body))))
  })
}

function bodies(state: DatabaseSync, table: 'runs' | 'findings'): string[] {
  return state
    .prepare(`select body from ${table} order by seq`)
    .all()
    .map((row) => String(row.body))
}

/** Every cell of every table as text, with objects unpacked. */
export function allStoredText(installation: Installation): string {
  return withState(installation, (state) => {
    const tables = state.prepare("select name from sqlite_master where type = 'table'").all()
    return tables.flatMap(({ name }) => rowTexts(state, String(name))).join('\n')
  })
}

function rowTexts(state: DatabaseSync, table: string): string[] {
  return state
    .prepare(`select * from "${table}"`)
    .all()
    .map((row) =>
      Object.values(row)
        .map((cell) => cellText(cell, row.encoding === 'zstd'))
        .join('\t'),
    )
}

function cellText(cell: unknown, packed: boolean): string {
  if (!(cell instanceof Uint8Array)) return String(cell)
  return Buffer.from(packed ? zstdDecompressSync(cell) : cell).toString('utf8')
}

/** One stored object by its digest, parsed. */
export function storedObject(installation: Installation, digest: string): unknown {
  return withState(installation, (state) => {
    const row = state.prepare('select encoding, body from objects where digest = ?').get(digest)
    return JSON.parse(cellText(row?.body, row?.encoding === 'zstd'))
  })
}

/** The id of the change that was proposed last; null where there is none. */
export function lastChange(installation: Installation): string | null {
  return withState(installation, (state) => {
    const row = state.prepare('select change_id from change_steps order by seq desc limit 1').get()
    return row === undefined ? null : String(row.change_id)
  })
}

/** The ids of all changes, in the order in which they were proposed. */
export function changeIds(installation: Installation): string[] {
  return withState(installation, (state) => {
    const rows = state.prepare("select change_id from change_steps where step = 'proposed' order by seq").all()
    return rows.map((row) => String(row.change_id))
  })
}
