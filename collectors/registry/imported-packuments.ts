import type { FilesPort } from '@upkeep/contract'
import { cutPackument, type Packument } from './packument.ts'

/** What imported files hold, and what of them could not be read. */
export interface Imported {
  packages: Map<string, Packument>
  problems: { name: string; reason: string }[]
}

const maxFileBytes = 256 << 20

/** Reads imported files: each one a packument as the registry answers it, or a list of them. A later file wins. */
export function readImported(paths: readonly string[], files: FilesPort): Imported {
  const imported: Imported = { packages: new Map(), problems: [] }
  for (const path of paths) {
    const read = files.read(path, maxFileBytes)
    if (read.state !== 'present') {
      imported.problems.push({ name: path, reason: read.state === 'absent' ? 'nothing is there' : read.reason })
      continue
    }
    takeFile(path, read.bytes, imported)
  }
  return imported
}

function takeFile(path: string, bytes: Uint8Array, imported: Imported): void {
  const value = parse(bytes)
  for (const one of Array.isArray(value) ? value : [value]) {
    const packument = cutPackument(one)
    if (typeof packument === 'string') imported.problems.push({ name: path, reason: packument })
    else imported.packages.set(packument.name, packument)
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
