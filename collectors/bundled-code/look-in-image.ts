import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import type { TarEntry } from '@upkeep/domain/archives/tar'
import type { BundledMatch } from '@upkeep/domain/bundled-code/match-fingerprints'
import { type ImagePorts, layerWords, readImage } from '@upkeep/domain/images/read-image'
import type { FingerprintIndex } from './index-pack.ts'
import { type Inside, oneEach, type Recognised } from './look-inside.ts'
import { recognise } from './recognise.ts'
import { scriptBounds, scriptName } from './script-files.ts'

/** Bounds of one image, over the scripts of all its layers: past them the rest is left out, and that is said. */
const imageScripts = { files: 200_000, bytes: 768 << 20 }

/** What one script came to, looked into while its layer is open: its bytes are not kept. */
type Looked = { matches: BundledMatch[] } | { problem: string }

/** Looks into every script of an image, wherever it lies in it, apart from packages that are there under their own names. */
export function lookInImage(
  ports: ImagePorts,
  copy: Pick<Installation, 'root' | 'components'>,
  indexes: readonly FingerprintIndex[],
): Inside {
  const owners = npmFolders(copy.components)
  const room = { ...imageScripts }
  const packages = indexes.flatMap((index) => index.packages)
  const watched = new Set(packages.map((one) => one.name))
  const image = readImage<Looked>(ports, copy.root, (path, entry) => {
    if (!scriptName.test(path) || watched.has(ownerOf(path, owners)?.name ?? '')) return null
    return lookAt(entry, room, (text) => recognise(text, packages))
  })
  if ('state' in image) return { found: [], problems: [image.reason] }
  const found = image.kept.flatMap(({ path, layer, value }): Recognised[] => {
    if ('problem' in value) return []
    const within = ownerOf(path, owners)?.path ?? '.'
    const inImage = { within, layer: layerWords(image.layers, layer) }
    return value.matches.map((match) => ({ ...match, file: path, inImage }))
  })
  const byOwner = Map.groupBy(found, (one) => one.inImage?.within)
  return { found: [...byOwner.values()].flatMap(oneEach), problems: problemsOf(image.kept, room) }
}

function lookAt({ bytes }: TarEntry, room: typeof imageScripts, look: (text: string) => BundledMatch[]): Looked | null {
  if (bytes.length > scriptBounds.fileBytes)
    return { problem: `a script file: the file is larger than ${scriptBounds.fileBytes} bytes` }
  room.files -= 1
  room.bytes -= bytes.length
  if (room.files < 0 || room.bytes < 0) return null
  const matches = look(new TextDecoder().decode(bytes))
  return matches.length === 0 ? null : { matches }
}

function problemsOf(kept: readonly { path: string; value: Looked }[], room: typeof imageScripts): string[] {
  const each = kept.flatMap(({ path, value }) => ('problem' in value ? [`${path}: ${value.problem}`] : []))
  const { files, bytes } = imageScripts
  const cut = room.files < 0 || room.bytes < 0
  return [...(cut ? [`more than ${files} scripts or ${bytes} bytes of them: cut there`] : []), ...each].slice(0, 20)
}

function npmFolders(components: readonly Component[]): Map<string, Component> {
  return new Map(components.flatMap((one) => (one.ecosystem === 'npm' ? [[one.path, one] as const] : [])))
}

/** The package whose folder holds a file, the innermost; a package at the root holds what no other does. */
function ownerOf(path: string, owners: ReadonlyMap<string, Component>): Component | undefined {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const owner = owners.get(path.slice(0, at))
    if (owner !== undefined) return owner
  }
  return owners.get('.')
}
