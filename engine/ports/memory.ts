import type { MemoryPort } from '@upkeep/contract/ports'
import { z } from 'zod'
import { readCheckedFile, writeCheckedFile } from './checked-file.ts'

/** The memory port, with what a round does when it is done. */
export interface OpenMemory {
  memory: MemoryPort
  save(): void
}

const maxEntries = 50_000
const maxValue = 4 << 20
const maxFileBytes = 64 << 20
const Saved = z.array(z.tuple([z.string(), z.string()])).max(maxEntries)

/** What was worked out earlier, kept in one file; null keeps nothing beyond this process. */
export function openMemory(path: string | null): OpenMemory {
  let entries: Map<string, string> | null = null
  let dirty = false
  function loaded(): Map<string, string> {
    entries ??= new Map(path === null ? [] : (Saved.safeParse(readCheckedFile(path, maxFileBytes)).data ?? []))
    return entries
  }
  const memory: MemoryPort = {
    recall(key) {
      const value = loaded().get(key)
      if (value === undefined) return null
      // Last used stands last, so that the bound drops what no round asks for.
      loaded().delete(key)
      loaded().set(key, value)
      return value
    },
    remember(key, value) {
      if (value.length > maxValue) return
      loaded().set(key, value)
      dirty = true
    },
  }
  function save(): void {
    if (path !== null && dirty) dirty = !writeCheckedFile(path, withinBounds([...loaded()]))
  }
  return { memory, save }
}

function withinBounds(entries: [string, string][]): [string, string][] {
  const kept: [string, string][] = []
  let room = maxFileBytes / 2
  for (const entry of entries.reverse()) {
    room -= entry[0].length + entry[1].length + 8
    if (room < 0 || kept.length === maxEntries) break
    kept.push(entry)
  }
  return kept.reverse()
}
