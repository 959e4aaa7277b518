import { createHash } from 'node:crypto'
import type { ArchivesPort, FilesPort } from '@upkeep/contract/ports'
import { type ArchiveFile, archiveFiles } from '@upkeep/domain/dependency-health/archive-files'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'

const maxTarballBytes = 512 << 20
const maxUnpackedBytes = 1 << 30

/** The files of an archive that is kept under its digest, which is worked out again; a text says why they cannot be had. */
export function keptArchive(
  integrity: string,
  folder: string,
  { files, archives }: { files: FilesPort; archives: ArchivesPort },
): ReadonlyMap<string, ArchiveFile> | string {
  const path = keptPath(integrity)
  if (path === null) return 'it is kept under no SHA-512'
  const read = files.read(`${folder}/${path}`, maxTarballBytes)
  if (read.state === 'absent') return 'its archive is not kept here: upkeep keep --online, while the registry has it'
  if (read.state === 'unavailable') return `its kept archive: ${read.reason}`
  const hex = createHash('sha512').update(read.bytes).digest('hex')
  if (`sha512/${hex.slice(0, 2)}/${hex.slice(2)}` !== path) return 'its kept archive is no longer what was kept'
  const tar = archives.unpack(read.bytes, maxUnpackedBytes)
  return tar.state === 'present' ? archiveFiles(tar.bytes) : `its kept archive: ${tar.reason}`
}
