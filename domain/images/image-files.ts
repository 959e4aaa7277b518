import type { FileFacts, FilesPort, Refusal } from '@upkeep/contract/ports'
import type { ImageStart } from './image-start.ts'
import { type ImagePorts, readImage } from './read-image.ts'

/** The files of an image that were asked for, as a port reads files. Paths are absolute in the image; no links are left in it. */
export type ImageFiles = Pick<FilesPort, 'inspect' | 'read' | 'list'>

/** Files of an image, with the paths of all of them, and what of it could not be read. */
export interface OpenImage {
  files: ImageFiles
  paths: readonly string[]
  start: ImageStart
  problems: string[]
}

const maxKeptBytes = 256 << 20

/** Reads an image and keeps the files that are wanted, by their path without a slash before it and their size. */
export function openImage(
  ports: ImagePorts,
  path: string,
  wants: (path: string, size: number) => boolean,
): OpenImage | Refusal {
  let room = maxKeptBytes
  const image = readImage<Uint8Array>(ports, path, (at, { bytes }) => {
    if (!wants(at, bytes.length)) return null
    room -= bytes.length
    // A copy: a view would keep the whole layer in memory.
    return room < 0 ? null : bytes.slice()
  })
  if ('state' in image) return image
  const kept = new Map(image.kept.map((one) => [`/${one.path}`, one.value]))
  const cut = room < 0 ? [`more than ${maxKeptBytes} bytes of such files: cut there`] : []
  return { files: filesOver(kept), paths: [...kept.keys()], start: image.start, problems: [...image.problems, ...cut] }
}

function filesOver(kept: ReadonlyMap<string, Uint8Array>): ImageFiles {
  const folders = new Map<string, Set<string>>()
  for (const path of kept.keys()) {
    let child = path
    for (let at = path.lastIndexOf('/'); at >= 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = at === 0 ? '/' : path.slice(0, at)
      const names = folders.get(folder) ?? new Set<string>()
      names.add(child.slice(at + 1))
      folders.set(folder, names)
      child = folder
      if (at === 0) break
    }
  }
  return {
    inspect(path) {
      const bytes = kept.get(path)
      if (bytes !== undefined) return factsOf('file', bytes.length)
      return folders.has(path) ? factsOf('folder', 0) : { state: 'absent' }
    },
    read(path, maxBytes) {
      const bytes = kept.get(path)
      if (bytes === undefined) return { state: 'absent' }
      if (bytes.length > maxBytes)
        return { state: 'unavailable', code: 'too-large', reason: `the file is larger than ${maxBytes} bytes` }
      return { state: 'present', bytes, facts: factsOf('file', bytes.length) }
    },
    list(path, maxEntries) {
      const names = folders.get(path)
      if (names === undefined) return { state: 'absent' }
      const sorted = [...names].sort()
      return { state: 'present', names: sorted.slice(0, maxEntries), truncated: sorted.length > maxEntries }
    },
  }
}

/** What a file system would say beyond type and size is not kept of an image. */
function factsOf(type: 'file' | 'folder', size: number): FileFacts {
  const owner = { mode: 0o644, uid: 0, gid: 0 }
  return { state: 'present', type, size, ...owner, inode: 0n, device: 0n, modifiedNs: 0n, changedNs: 0n }
}
