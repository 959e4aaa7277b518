import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { sync as writeFileAtomic } from 'write-file-atomic'
import { z } from 'zod'
import { readBounded } from './files-read.ts'

/** What is remembered of a tree's content. */
export interface RememberedDigest {
  digest: string
  files: number
  bytes: number
}

/** Digests of trees by the stat facts of everything in them, so that unchanged bytes are not read again. Never a source of truth. */
export interface DigestCache {
  get(key: string, facts: string): RememberedDigest | null
  put(key: string, facts: string, known: RememberedDigest): void
  /** Writes what was learned; failing to is no error: the next round reads the bytes again. */
  save(): void
}

const maxEntries = 50_000
const maxFileBytes = 64 << 20
const Entry = z.tuple([z.string(), z.string(), z.string().length(64), z.int(), z.int()])
const Saved = z.array(Entry).max(maxEntries)

/** A cache kept in one file, 0600: its first line is the SHA-256 of the rest, so that a damaged file is dropped and rebuilt. Null keeps nothing. */
export function openDigestCache(path: string | null): DigestCache {
  let entries: Map<string, z.infer<typeof Entry>> | null = null
  let dirty = false
  function loaded(): Map<string, z.infer<typeof Entry>> {
    entries ??= new Map((path === null ? [] : load(path)).map((entry) => [entry[0], entry]))
    return entries
  }
  return {
    get(key, facts) {
      const entry = loaded().get(key)
      if (entry === undefined || entry[1] !== facts) return null
      // Last used stands last, so that the bound drops what no round asks for.
      loaded().delete(key)
      loaded().set(key, entry)
      return { digest: entry[2], files: entry[3], bytes: entry[4] }
    },
    put(key, facts, known) {
      loaded().delete(key)
      loaded().set(key, [key, facts, known.digest, known.files, known.bytes])
      dirty = true
    },
    save() {
      if (path === null || !dirty) return
      dirty = !write(path, [...loaded().values()].slice(-maxEntries))
    },
  }
}

function load(path: string): z.infer<typeof Saved> {
  const read = readBounded(path, maxFileBytes)
  if (read.state !== 'present') return []
  const text = new TextDecoder().decode(read.bytes)
  const cut = text.indexOf('\n')
  const body = text.slice(cut + 1)
  if (cut < 0 || text.slice(0, cut) !== checksum(body)) return []
  try {
    return Saved.parse(JSON.parse(body))
  } catch {
    return []
  }
}

function write(path: string, entries: z.infer<typeof Saved>): boolean {
  try {
    const body = JSON.stringify(entries)
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
