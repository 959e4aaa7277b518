import type { FilesPort } from '@upkeep/contract'
import { readDocument, readStatement } from './attestation-document.ts'
import { cutPackument, type StatedPackument } from './packument.ts'

/** What imported files hold, and what of them could not be read. Attestations stand under the name of what they say they are about. */
export interface Imported {
  packages: Map<string, StatedPackument>
  attestations: Map<string, { predicateType: string; bundle: unknown }[]>
  problems: { name: string; reason: string }[]
}

const maxFileBytes = 256 << 20

/** Reads imported files: each one a packument or attestations as the registry answers them, or a list of such. A later file wins. */
export function readImported(paths: readonly string[], files: FilesPort): Imported {
  const imported: Imported = { packages: new Map(), attestations: new Map(), problems: [] }
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
    if (takeAttestations(one, imported)) continue
    const packument = cutPackument(one)
    if (typeof packument === 'string') imported.problems.push({ name: path, reason: packument })
    else imported.packages.set(packument.name, packument)
  }
}

/** A document of attestations does not name its package; each statement in it does. False where it is none. */
function takeAttestations(value: unknown, { attestations }: Imported): boolean {
  const document = readDocument(value)
  for (const one of document ?? []) {
    const about = readStatement(one.bundle)?.subject[0]?.name
    if (about !== undefined) attestations.set(about, [...(attestations.get(about) ?? []), one])
  }
  return document !== null
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
