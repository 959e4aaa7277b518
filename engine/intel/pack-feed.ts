import { open } from 'node:fs/promises'
import type { UnavailableCode } from '@upkeep/contract'
import { readBounded } from '../ports/files-read.ts'
import type { FeedFile } from './blocks.ts'
import type { FolderFeed } from './split-folder.ts'
import { writeZip, type ZipMember } from './write-zip.ts'

type Failure = { code: UnavailableCode; reason: string }
const maxRecordBytes = 8 << 20
const maxFileBytes = 1 << 30

/** Writes one feed of a folder as one file: its records as a zip, or the file that it is. A manifest is checked where it lies, not here. */
export async function packFeed({ files, packed }: FolderFeed, target: string): Promise<Failure | null> {
  const [only] = files
  let failure: Failure | null = null
  function* members(): Generator<ZipMember> {
    for (const file of files) {
      const read = readMember(file, packed ? maxRecordBytes : maxFileBytes)
      if ('bytes' in read) yield { name: file.relative, bytes: read.bytes }
      else failure ??= read
    }
  }
  const handle = await open(target, 'w', 0o600)
  const write = async (piece: Uint8Array) => {
    await handle.write(piece)
  }
  try {
    if (packed) await writeZip(members(), write)
    else if (only !== undefined) for (const { bytes } of members()) await write(bytes)
  } finally {
    await handle.close()
  }
  return failure
}

function readMember({ path, relative }: FeedFile, maxBytes: number): { bytes: Uint8Array } | Failure {
  const read = readBounded(path, maxBytes)
  if (read.state === 'present') return { bytes: read.bytes }
  const reason = read.state === 'absent' ? 'it is gone' : read.reason
  return { code: 'malformed', reason: `${relative.slice(-100)}: ${reason}` }
}
