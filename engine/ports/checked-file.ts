import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { readBounded } from './files-read.ts'

/** Reads a file whose first line is the SHA-256 of the rest; null when it is not there or damaged. */
export function readCheckedFile(path: string, maxBytes: number): unknown {
  const read = readBounded(path, maxBytes)
  if (read.state !== 'present') return null
  const text = new TextDecoder().decode(read.bytes)
  const cut = text.indexOf('\n')
  const body = text.slice(cut + 1)
  if (cut < 0 || text.slice(0, cut) !== checksum(body)) return null
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** Writes such a file, 0600, whole or not at all; false when it could not be written. */
export function writeCheckedFile(path: string, value: unknown): boolean {
  try {
    const body = JSON.stringify(value)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileAtomic(path, `${checksum(body)}\n${body}`, { mode: 0o600 })
    return true
  } catch {
    return false
  }
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}
