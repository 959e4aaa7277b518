import { z } from 'zod'
import { readCheckedFile, writeCheckedFile } from './checked-file.ts'

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
      dirty = !writeCheckedFile(path, [...loaded().values()].slice(-maxEntries))
    },
  }
}

function load(path: string): z.infer<typeof Saved> {
  return Saved.safeParse(readCheckedFile(path, maxFileBytes)).data ?? []
}
