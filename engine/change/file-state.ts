import type { FileState } from '@upkeep/contract/change-plan'
import type { FileFacts, Refusal } from '@upkeep/contract/ports'
import { sha256 } from '../kernel/sha256.ts'
import { inspectPath } from '../ports/files-facts.ts'
import { readBounded } from '../ports/files-read.ts'
import { refusal } from '../ports/files-refusal.ts'

/** At most so many bytes of a file are ever held for a change: no client's configuration comes near it. */
export const maxFileBytes = 64 << 20

/** A file as it is now, with what is needed to tell later that it is still the same one. */
export type FileNow =
  | { state: 'absent' }
  | { state: 'file'; digest: string; bytes: Uint8Array; mode: number; facts: FileFacts }

/** Looks at a file that shall be written. A link is refused: what it leads to may belong to something else. */
export function fileNow(path: string): FileNow | Refusal {
  const facts = inspectPath(path)
  if (facts.state === 'absent') return { state: 'absent' }
  if (facts.state === 'unavailable') return facts
  if (facts.type === 'link')
    return refusal('not-a-file', 'it is a symbolic link: what it leads to may not be ours to write')
  if (facts.type !== 'file') return refusal('not-a-file', 'it is not a regular file')
  const read = readBounded(path, maxFileBytes)
  if (read.state !== 'present') return read.state === 'absent' ? { state: 'absent' } : read
  return {
    state: 'file',
    digest: sha256(read.bytes),
    bytes: read.bytes,
    mode: read.facts.mode & 0o7777,
    facts: read.facts,
  }
}

/** What a file is, as a plan and a journal say it. */
export function stateOf(now: FileNow): FileState {
  if (now.state === 'absent') return { state: 'absent' }
  return { state: 'file', digest: now.digest, size: now.bytes.length, mode: octal(now.mode) }
}

/** A mode as `chmod` takes it, four digits. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

export function sameState(one: FileState, other: FileState): boolean {
  if (one.state === 'absent' || other.state === 'absent') return one.state === other.state
  return one.digest === other.digest && one.mode === other.mode && one.size === other.size
}
