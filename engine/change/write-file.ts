import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FileFacts, Refusal } from '@upkeep/contract/ports'
import { factsOf, inspectPath, sameFile } from '../ports/files-facts.ts'
import { resolvePath } from '../ports/files-read.ts'
import { refusal } from '../ports/files-refusal.ts'
import type { FileNow } from './file-state.ts'

/** Told before each call that touches the disk: where a test stops the process, and nothing else. */
export type Between = (call: string) => void

/** What a file shall be. */
export type FileTo = { state: 'absent' } | { state: 'file'; bytes: Uint8Array; mode: number }

export interface WriteFile {
  path: string
  /** What was looked at: written only while the file is still that. */
  from: FileNow
  to: FileTo
  /** Names the draft beside the file, so that what a crash left can be found and removed. */
  draft: string
  between?: Between | undefined
}

export type Written = { state: 'written' } | { state: 'changed-meanwhile' } | Refusal

/**
 * Makes a file what it shall be, at once: whoever reads it finds all of the old or all of the new, and after a crash too. Its owner and
 * mode stay unless the change is about them. The moment between the last look and the swap cannot be closed with what Node offers;
 * it is two system calls long.
 */
export function writeFile({ path, from, to, draft, between = noStop }: WriteFile): Written {
  try {
    const absent = from.state === 'absent' && to.state === 'file'
    if (absent) makeFolder(path, between)
    const refused = mayWrite(path, from)
    if (refused !== null) return refused
    if (to.state === 'absent') return remove(path, from, between)
    if (from.state === 'file' && isSameContent(from, to.bytes)) return changeMode(path, from, to.mode, between)
    return swap({ path, from, to, draft: join(dirname(path), draft), between })
  } catch (error) {
    removeDraft(join(dirname(path), draft))
    return refusedWrite(error)
  }
}

/** Names of drafts, so that they are recognised as ours wherever one was left. */
export function draftName(path: string, change: string, index: number): string {
  return `.${basename(path).slice(0, 100)}.upkeep-${change}-${index}`
}

/** Takes away what a crash left beside a file. */
export function removeDraft(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is not there, which is how it should be.
  }
}

function noStop(): void {}

/** The folder of a new file is its owner's alone. It stays when the file goes: others may have put something there. */
function makeFolder(path: string, between: Between): void {
  if (inspectPath(dirname(path)).state !== 'absent') return
  between('make folder')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
}

/** Only what is the user's own is written, in a folder that nobody else can swap things in. */
function mayWrite(path: string, from: FileNow): Refusal | null {
  const uid = process.geteuid?.() ?? null
  if (uid === null) return null
  if (from.state === 'file' && from.facts.uid !== uid)
    return refusal('permission-denied', `it belongs to user ${from.facts.uid}, and this is user ${uid}`)
  if (from.state === 'file' && from.bytes.length !== from.facts.size)
    return refusal('changed-while-reading', 'the file changed while it was read')
  const real = resolvePath(dirname(path))
  if (real.state === 'unavailable') return real
  const folder = real.state === 'absent' ? real : inspectPath(real.path)
  if (folder.state === 'absent') return refusal('unreachable', 'its folder is not there')
  if (folder.state === 'unavailable') return folder
  if (folder.type !== 'folder') return refusal('not-a-file', 'its folder is none')
  const open = (folder.mode & 0o002) !== 0 && (folder.mode & 0o1000) === 0
  return open ? refusal('permission-denied', 'everyone may write its folder, and swap the file meanwhile') : null
}

function isSameContent(from: Extract<FileNow, { state: 'file' }>, bytes: Uint8Array): boolean {
  return Buffer.compare(from.bytes, bytes) === 0
}

interface Swap {
  path: string
  from: FileNow
  to: Extract<FileTo, { state: 'file' }>
  draft: string
  between: Between
}

function swap({ path, from, to, draft, between }: Swap): Written {
  between('open draft')
  const handle = openSync(
    draft,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  )
  try {
    between('write draft')
    writeAll(handle, to.bytes)
    // The group first: changing it clears bits of the mode.
    if (from.state === 'file') keepGroup(handle, from.facts)
    between('mode of draft')
    fchmodSync(handle, to.mode)
    between('sync draft')
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  between('look again')
  if (!isStill(path, from)) {
    removeDraft(draft)
    return { state: 'changed-meanwhile' }
  }
  between('swap')
  if (from.state === 'file') renameSync(draft, path)
  else placeNew(draft, path)
  between('sync folder')
  syncFolder(path)
  return { state: 'written' }
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at, bytes.length - at)
}

function keepGroup(handle: number, facts: FileFacts): void {
  if (fstatSync(handle).gid !== facts.gid) fchownSync(handle, facts.uid, facts.gid)
}

/** A new file never takes the place of one that somebody made meanwhile. */
function placeNew(draft: string, path: string): void {
  linkSync(draft, path)
  unlinkSync(draft)
}

/** Whether the file is still the one that was looked at, by everything that the file system tells. */
function isStill(path: string, from: FileNow): boolean {
  const facts = inspectPath(path)
  if (from.state === 'absent') return facts.state === 'absent'
  return facts.state === 'present' && sameFile(facts, from.facts)
}

function remove(path: string, from: FileNow, between: Between): Written {
  if (from.state === 'absent') return { state: 'written' }
  between('look again')
  if (!isStill(path, from)) return { state: 'changed-meanwhile' }
  between('remove')
  unlinkSync(path)
  between('sync folder')
  syncFolder(path)
  return { state: 'written' }
}

function changeMode(path: string, from: Extract<FileNow, { state: 'file' }>, mode: number, between: Between): Written {
  if (from.mode === mode) return { state: 'written' }
  between('open file')
  const handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!sameFile(factsOf(fstatSync(handle, { bigint: true })), from.facts)) return { state: 'changed-meanwhile' }
    between('mode of file')
    fchmodSync(handle, mode)
    between('sync file')
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return { state: 'written' }
}

/** The name is on the disk only once its folder is. */
function syncFolder(path: string): void {
  const handle = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const byErrno: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of this user is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EEXIST: 'somebody made a file of that name meanwhile',
  EIO: 'the disk answered with an error',
}

function refusedWrite(error: unknown): Refusal {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  // Anything else is a defect, and shall be seen as one.
  if (code === null) throw error
  return refusal('unreachable', byErrno[code] ?? `the file system answered ${code}`)
}
