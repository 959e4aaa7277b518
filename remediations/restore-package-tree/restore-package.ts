import type { FilesPort } from '@upkeep/contract/ports'
import type { FileEffect } from '@upkeep/contract/remediation'
import { type ArchiveFile, isIgnoreFile } from '@upkeep/domain/dependency-health/archive-files'

const maxFiles = 50_000
const maxFileBytes = 64 << 20

/** What it takes to make the folder of a package what its archive holds, and what of it is left as it is. */
export interface Restored {
  effects: FileEffect[]
  left: string[]
}

/** Each file of the archive with its very bytes, and no other file; folders of other packages inside it are not looked into here. */
export function restorePackage(
  folder: string,
  archive: ReadonlyMap<string, ArchiveFile>,
  scripts: boolean,
  files: FilesPort,
): Restored {
  const done: Restored = { effects: [], left: [] }
  for (const [name, file] of archive) restoreFile(`${folder}/${name}`, file, files, done)
  for (const name of strangers(folder, archive, files, done)) {
    const path = `${folder}/${name}`
    if (scripts) done.left.push(`${path} is no file of its archive, and may be what its installation made`)
    else if (files.inspect(path).state === 'present' && isFile(path, files))
      done.effects.push({ kind: 'file', path, to: 'absent', shown: ['-a file that the package does not have'] })
    else done.left.push(`${path} is no file of its archive and no regular file: remove it by hand`)
  }
  return done
}

function restoreFile(path: string, { bytes, executable }: ArchiveFile, files: FilesPort, done: Restored): void {
  const facts = files.inspect(path)
  if (facts.state === 'present' && facts.type !== 'file') {
    done.left.push(`${path} is no regular file: remove it by hand, then ask again`)
    return
  }
  const read = files.read(path, maxFileBytes)
  if (read.state === 'unavailable') {
    done.left.push(`${path}: ${read.reason}`)
    return
  }
  if (read.state === 'present' && isSame(read.bytes, bytes)) return
  const was = read.state === 'present' ? `-${read.bytes.length} bytes that are not those of the package` : null
  const shown = [...(was === null ? [] : [was]), `+${bytes.length} bytes as its archive has them`]
  const mode = read.state === 'present' ? {} : { mode: executable ? 0o755 : 0o644 }
  done.effects.push({ kind: 'file', path, to: { bytes, ...mode }, shown })
}

/** Names below a folder that its archive does not have. */
function strangers(
  folder: string,
  archive: ReadonlyMap<string, ArchiveFile>,
  files: FilesPort,
  done: Restored,
): string[] {
  const found: string[] = []
  const waiting = ['']
  let seen = 0
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const names = namesIn(folder, at, files, done)
    seen += names.length
    if (seen > maxFiles) {
      done.left.push(`${folder} has more than ${maxFiles} files: what it has beside its archive was not looked for`)
      return []
    }
    for (const path of names) {
      const facts = files.inspect(`${folder}/${path}`)
      if (facts.state === 'present' && facts.type === 'folder') waiting.push(path)
      else if (!archive.has(path)) found.push(path)
    }
  }
  return found.sort()
}

/** Names in a folder by their path in the package, without other packages and what npm renames. */
function namesIn(folder: string, at: string, files: FilesPort, done: Restored): string[] {
  const listed = files.list(at === '' ? folder : `${folder}/${at}`, maxFiles)
  if (listed.state === 'unavailable') done.left.push(`${folder}/${at}: ${listed.reason}`)
  const names = listed.state === 'present' ? listed.names : []
  // Deeper than right in the package npm installs nothing, and what an archive may have there is not unpacked for comparing.
  if (at !== '' && names.includes('node_modules'))
    done.left.push(`${folder}/${at}/node_modules lies where npm installs nothing: it was not looked into`)
  const own = names.filter((name) => name !== 'node_modules' && !isIgnoreFile(name))
  return at === '' ? own : own.map((name) => `${at}/${name}`)
}

function isFile(path: string, files: FilesPort): boolean {
  const facts = files.inspect(path)
  return facts.state === 'present' && facts.type === 'file'
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
