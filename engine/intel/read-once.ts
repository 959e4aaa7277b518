import type { Absent, Refusal } from '@upkeep/contract'
import { inspectPath } from '../ports/files-facts.ts'
import { resolvePath, streamFile } from '../ports/files-read.ts'
import { refusal } from '../ports/files-refusal.ts'

/** Reads a file into the one buffer that it fits in: the whole of an ecosystem's advisories is held once, not three times. */
export function readOnce(path: string, maxBytes: number): { state: 'present'; bytes: Buffer } | Absent | Refusal {
  return readInto(path, maxBytes, (size) => Buffer.allocUnsafe(size))
}

/** The same, into memory that threads can share. */
export function readShared(
  path: string,
  maxBytes: number,
): { state: 'present'; bytes: Buffer<SharedArrayBuffer> } | Absent | Refusal {
  return readInto(path, maxBytes, (size) => Buffer.from(new SharedArrayBuffer(size)))
}

function readInto<Room extends Buffer>(
  path: string,
  maxBytes: number,
  make: (size: number) => Room,
): { state: 'present'; bytes: Room } | Absent | Refusal {
  const own = inspectPath(path)
  // Only a link has to be followed, and asking where one leads costs as much as reading a record.
  const real = own.state === 'present' && own.type === 'link' ? resolvePath(path) : { state: 'present' as const, path }
  if (real.state !== 'present') return real
  const facts = real.path === path ? own : inspectPath(real.path)
  if (facts.state !== 'present') return facts
  if (facts.type !== 'file')
    return refusal('not-a-file', facts.type === 'folder' ? 'it is a folder' : 'it is not a regular file')
  if (facts.size > maxBytes) return refusal('too-large', `the file is larger than ${maxBytes} bytes`)
  const bytes = make(facts.size)
  let at = 0
  const end = streamFile(real.path, facts, (piece) => {
    const fits = at + piece.length <= bytes.length
    if (fits) bytes.set(piece, at)
    at += piece.length
    return fits
  })
  if (end.state !== 'present') return end
  return at === bytes.length
    ? { state: 'present', bytes }
    : refusal('changed-while-reading', 'the file changed while it was read')
}
