import { readTar, type TarEntry } from '../archives/tar.ts'

/** One file that an archive of npm puts into the folder of its package. */
export interface ArchiveFile {
  bytes: Uint8Array
  executable: boolean
}

const maxEntries = 200_000

/** The files that an installation puts into the package's folder, by their path there; a text says why they cannot be told. */
export function archiveFiles(tar: Uint8Array): Map<string, ArchiveFile> | string {
  const { entries, problem } = readTar(tar, maxEntries)
  if (problem !== null) return `the kept tarball: ${problem}`
  const found = new Map<string, ArchiveFile>()
  for (const entry of entries) {
    const name = installedName(entry)
    if (name !== null) found.set(name, { bytes: entry.bytes, executable: entry.executable })
  }
  return found
}

/**
 * Without the first folder, as npm unpacks. Links are never unpacked; what is bundled below node_modules may be placed elsewhere; and
 * npm may rename the two ignore files.
 */
function installedName({ path, type }: TarEntry): string | null {
  if (type !== 'file') return null
  const [, ...parts] = path.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.length === 0 || parts.includes('..') || parts.includes('node_modules')) return null
  return isIgnoreFile(parts.at(-1) ?? '') ? null : parts.join('/')
}

/** Whether a name is one of those that npm writes under another one. */
export function isIgnoreFile(name: string): boolean {
  return name === '.gitignore' || name === '.npmignore'
}
