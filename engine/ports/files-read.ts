import { closeSync, constants, fstatSync, openSync, readlinkSync, readSync, realpathSync } from 'node:fs'
import type { Absent, FileFacts, Refusal } from '@upkeep/contract/ports'
import { type FileStamp, factsOf, inspectPath, sameFile, stampOf } from './files-facts.ts'
import { refusal, refusalOf } from './files-refusal.ts'

/** Takes a file's bytes piece by piece. Returning false stops the reading. */
export type TakeBytes = (bytes: Uint8Array) => boolean

const chunkBytes = 1 << 18
const changed = refusal('changed-while-reading', 'the file changed while it was read')

/** The path that symbolic links lead to. */
export function resolvePath(path: string): { state: 'present'; path: string } | Absent | Refusal {
  // Most paths that are looked for are not there, and asking costs a tenth of a thrown error.
  const own = inspectPath(path)
  if (own.state !== 'present') return own
  try {
    return { state: 'present', path: realpathSync.native(path) }
  } catch (error) {
    return refusalOf(error)
  }
}

/** What a symbolic link holds. */
export function readLinkText(path: string): { state: 'present'; text: string } | Absent | Refusal {
  try {
    return { state: 'present', text: readlinkSync(path) }
  } catch (error) {
    const isLink = !(error instanceof Error && 'code' in error && error.code === 'EINVAL')
    return isLink ? refusalOf(error) : refusal('not-a-file', 'it is not a link')
  }
}

type Read = { state: 'present'; bytes: Uint8Array; facts: FileFacts } | Absent | Refusal

/** Clients write their settings in a draft and swap it in: whoever reads in that moment reads again. */
const mostReads = 5

/** Bytes of a regular file, links followed, at most `maxBytes`. */
export function readBounded(path: string, maxBytes: number): Read {
  for (let left = mostReads - 1; ; left -= 1) {
    const read = readWhole(path, maxBytes)
    if (left === 0 || read.state !== 'unavailable' || read.code !== changed.code) return read
  }
}

function readWhole(path: string, maxBytes: number): Read {
  const target = regularFile(path)
  if (target.state !== 'present') return target
  if (target.facts.size > maxBytes) return tooLarge(maxBytes)
  const pieces: Buffer[] = []
  let total = 0
  const end = streamFile(target.path, target.facts, (bytes) => {
    total += bytes.length
    pieces.push(Buffer.from(bytes))
    return total <= maxBytes
  })
  if (total > maxBytes) return tooLarge(maxBytes)
  if (end.state !== 'present') return end
  return { state: 'present', bytes: new Uint8Array(Buffer.concat(pieces)), facts: target.facts }
}

function tooLarge(maxBytes: number): Refusal {
  return refusal('too-large', `the file is larger than ${maxBytes} bytes`)
}

/** Only regular files are ever opened: opening a device can act, and a FIFO waits. */
function regularFile(path: string): { state: 'present'; path: string; facts: FileFacts } | Absent | Refusal {
  const own = inspectPath(path)
  if (own.state !== 'present') return own
  if (own.type === 'file') return { state: 'present', path, facts: own }
  if (own.type !== 'link') return notAFile(own)
  const real = resolvePath(path)
  if (real.state !== 'present') return real
  const led = inspectPath(real.path)
  if (led.state !== 'present') return led
  return led.type === 'file' ? { state: 'present', path: real.path, facts: led } : notAFile(led)
}

function notAFile(facts: FileFacts): Refusal {
  return refusal('not-a-file', facts.type === 'folder' ? 'it is a folder' : 'it is not a regular file')
}

/**
 * Reads a file that `expected` describes, to its end, and says whether it stayed the same. What was swapped in between looking and
 * opening cannot block (no-follow, non-blocking) and is not read.
 */
export function streamFile(path: string, expected: FileFacts, take: TakeBytes): FileFacts | Absent | Refusal {
  let handle: number | null = null
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY)
    return readToEnd(handle, expected, take)
  } catch (error) {
    const refused = refusalOf(error)
    const swapped = refused.state === 'unavailable' && refused.code === 'link-loop'
    return swapped || refused.state === 'absent' ? changed : refused
  } finally {
    if (handle !== null) closeSync(handle)
  }
}

/**
 * Reads a regular file into the front of `room` with one call: how many bytes, and its stamp afterwards. Null when that cannot be done, when
 * there is more of it than room, or when it is not a regular file; `readBounded` says why. What was looked at before is unchanged when the
 * stamp is: that is for the caller to compare.
 */
export function readIntoRoom(path: string, room: Buffer): { bytes: number; stamp: FileStamp } | null {
  let handle: number | null = null
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY)
    const bytes = readSync(handle, room, 0, room.length, null)
    const stats = fstatSync(handle)
    return stats.isFile() && stats.size === bytes && bytes < room.length ? { bytes, stamp: stampOf(stats) } : null
  } catch {
    return null
  } finally {
    if (handle !== null) closeSync(handle)
  }
}

function readToEnd(handle: number, expected: FileFacts, take: TakeBytes): FileFacts | Refusal {
  // The kernel's own files say size 0, have no fixed content and may get a new inode at each look: nothing to compare.
  const kernelOwn = expected.size === 0 && isKernelFile(expected)
  const before = factsOf(fstatSync(handle, { bigint: true }))
  if (before.type !== 'file' || !(kernelOwn || sameFile(before, expected))) return changed
  const buffer = Buffer.allocUnsafe(kernelOwn ? 1 << 16 : Math.min(chunkBytes, before.size + 1))
  let total = 0
  for (;;) {
    const count = readSync(handle, buffer, 0, buffer.length, null)
    if (count === 0) break
    total += count
    if (!take(buffer.subarray(0, count))) return before
  }
  if (kernelOwn) return before
  const after = factsOf(fstatSync(handle, { bigint: true }))
  return total === before.size && sameFile(before, after) ? before : changed
}

function isKernelFile(facts: FileFacts): boolean {
  const proc = inspectPath('/proc')
  return proc.state === 'present' && proc.device === facts.device
}
