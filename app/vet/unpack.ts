import { gunzipSync } from 'node:zlib'
import { entryPath, readTar } from '@upkeep/domain/archives/tar'
import { kindOfBytes } from '@upkeep/engine/intel/kind-of-bytes'
import { listZip } from '@upkeep/engine/intel/zip-entries'

/** A file of an archive, in memory. Its path leads nowhere but below the folder that it is put in. */
export interface UnpackedFile {
  path: string
  bytes: Uint8Array
}

/** What an archive holds that can be judged, and what was left out and why. */
export interface Unpacked {
  form: 'tar' | 'zip'
  files: UnpackedFile[]
  problems: string[]
}

/** What an archive may come to. Real packages of servers stay far below. */
export const unpackBounds = { packedBytes: 128 << 20, bytes: 512 << 20, files: 50_000 } as const
const maxProblems = 20

/** Unpacks an archive in memory; a text says why it cannot be. Links and devices are never made. */
export async function unpack(packed: Buffer): Promise<Unpacked | string> {
  if (packed.length > unpackBounds.packedBytes) return `it is larger than ${unpackBounds.packedBytes} bytes`
  if (packed.length < 4) return 'it is no archive'
  if (packed.readUInt16BE(0) === 0x1f8b) return unpackTar(packed)
  if (packed.readUInt32BE(0) === 0x504b0304) return unpackZip(packed)
  const kind = kindOfBytes(packed)
  return `it is neither a gzip-compressed tar nor a zip${kind === null ? '' : `: it is ${kind}`}`
}

function unpackTar(packed: Buffer): Unpacked | string {
  const bytes = gunzipped(packed)
  if (bytes === null) return `it cannot be unpacked, or comes to more than ${unpackBounds.bytes} bytes`
  const { entries, problem } = readTar(bytes, unpackBounds.files)
  if (problem !== null) return problem
  const unpacked: Unpacked = { form: 'tar', files: [], problems: [] }
  for (const entry of entries) {
    if (entry.type === 'folder') continue
    const path = entryPath(entry.path)
    if (path === null || path === '') note(unpacked, 'a path in it leads elsewhere: left out')
    else if (entry.type === 'file') unpacked.files.push({ path, bytes: entry.bytes })
    else note(unpacked, `${path} is a ${entry.type}: left out`)
  }
  return unpacked
}

function gunzipped(packed: Buffer): Buffer | null {
  try {
    return gunzipSync(packed, { maxOutputLength: unpackBounds.bytes })
  } catch {
    return null
  }
}

async function unpackZip(packed: Buffer): Promise<Unpacked | string> {
  const listed = await listZip(packed, { maxEntries: unpackBounds.files, maxDeclaredBytes: unpackBounds.bytes })
  if (typeof listed === 'string') return listed
  const unpacked: Unpacked = { form: 'zip', files: [], problems: [] }
  for (const _ of listed.leadElsewhere) note(unpacked, 'a path in it leads elsewhere: left out')
  let room: number = unpackBounds.bytes
  for (const entry of listed.entries) {
    const path = entryPath(entry.name)
    const bytes = entry.unpack(room)
    if (!Buffer.isBuffer(bytes)) {
      if (bytes.bomb) return `a file in it is ${bytes.reason}`
      note(unpacked, `a file in it is ${bytes.reason}: left out`)
    } else if (path === null || path === '') note(unpacked, 'a path in it leads elsewhere: left out')
    else {
      room -= bytes.length
      unpacked.files.push({ path, bytes })
    }
  }
  return unpacked
}

function note(unpacked: Unpacked, problem: string): void {
  if (unpacked.problems.length < maxProblems) unpacked.problems.push(problem)
}
