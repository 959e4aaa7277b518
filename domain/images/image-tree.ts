import { entryPath, type TarEntry } from '../archives/tar.ts'

/** What is kept of the file at one path, and the layer that put it there. */
interface Leaf<Kept> {
  layer: number
  kept: Kept
}

/** A file system made of layers, of which only what matters is kept, each path once. */
export interface ImageTree<Kept> {
  /** Puts a layer on top, the lowest first. `keep` says what of a file is worth keeping. Returns what could not be followed. */
  add(entries: readonly TarEntry[], keep: (path: string, entry: TarEntry) => Kept | null): string[]
  /** What is there once every layer is in place. */
  kept(): { path: string; layer: number; value: Kept }[]
}

const whiteout = '.wh.'
const opaque = '.wh..wh..opq'
const maxLinks = 40

interface Tree<Kept> {
  files: Map<string, Leaf<Kept>>
  links: Map<string, { layer: number; target: string }>
  /** Folders above anything that is kept: only there can something be taken away. */
  folders: Set<string>
  layer: number
  /** What taking away may still cost: a layer of marks over marks must not cost its square. */
  patience: number
}

type Keep<Kept> = (path: string, entry: TarEntry) => Kept | null

/**
 * Lays layers over each other as a container engine does: a whiteout removes what lower layers have at its path, an opaque mark everything
 * that lower layers have in its folder, and a file in place of a folder all that was below it. Nothing is written anywhere: a path that
 * leads out of the root is refused, a link is followed inside the root only.
 */
export function imageTree<Kept>(): ImageTree<Kept> {
  const tree: Tree<Kept> = { files: new Map(), links: new Map(), folders: new Set(), layer: -1, patience: 30_000_000 }
  return {
    add(entries, keep) {
      tree.layer++
      const outside = entries.filter((entry) => !put(tree, entry, keep)).length
      return [
        ...(outside === 0 ? [] : [`${outside} entries lead out of the root or cannot be placed: left out`]),
        ...(tree.patience > 0 ? [] : ['it takes away more than is followed']),
      ]
    },
    kept: () =>
      [...tree.files]
        .map(([path, { layer, kept }]) => ({ path, layer, value: kept }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

function put<Kept>(tree: Tree<Kept>, entry: TarEntry, keep: Keep<Kept>): boolean {
  const path = placeOf(entry.path, tree.links)
  if (path === null) return false
  const cut = path.lastIndexOf('/')
  const name = path.slice(cut + 1)
  if (name === opaque) removeBelow(tree, path.slice(0, Math.max(cut, 0)))
  else if (name.startsWith(whiteout)) removeLower(tree, `${path.slice(0, cut + 1)}${name.slice(whiteout.length)}`)
  else if (entry.type === 'folder') drop(tree, path)
  else if (path !== '') place(tree, path, entry, keep)
  return true
}

function place<Kept>(tree: Tree<Kept>, path: string, entry: TarEntry, keep: Keep<Kept>): void {
  const { files, links, layer } = tree
  removeBelow(tree, path)
  drop(tree, path)
  if (entry.type === 'link') links.set(path, { layer, target: entry.target })
  const kept = keptOf(tree, path, entry, keep)
  if (kept !== null) files.set(path, { layer, kept })
  if (kept === null && entry.type !== 'link') return
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) tree.folders.add(path.slice(0, at))
}

/** A hard link is the file that it names, which an earlier entry has. */
function keptOf<Kept>({ files, links }: Tree<Kept>, path: string, entry: TarEntry, keep: Keep<Kept>): Kept | null {
  if (entry.type === 'file') return keep(path, entry)
  if (entry.type !== 'hard-link') return null
  const named = placeOf(entry.target, links)
  return named === null ? null : (files.get(named)?.kept ?? null)
}

/** What was at a path is gone: a folder in place of a file or link, or another file. */
function drop<Kept>({ files, links }: Tree<Kept>, path: string): void {
  files.delete(path)
  links.delete(path)
}

/** A mark speaks of lower layers only: what its own layer has stays. */
function removeLower<Kept>(tree: Tree<Kept>, path: string): void {
  if (tree.files.get(path)?.layer !== tree.layer) tree.files.delete(path)
  if (tree.links.get(path)?.layer !== tree.layer) tree.links.delete(path)
  removeBelow(tree, path)
}

function removeBelow<Kept>(tree: Tree<Kept>, folder: string): void {
  const { files, links, layer } = tree
  if (folder !== '' && !tree.folders.has(folder)) return
  tree.patience -= files.size + links.size
  if (tree.patience <= 0) return
  const prefix = folder === '' ? '' : `${folder}/`
  for (const [path, leaf] of files) if (leaf.layer !== layer && path.startsWith(prefix)) files.delete(path)
  for (const [path, link] of links) if (link.layer !== layer && path.startsWith(prefix)) links.delete(path)
}

/** Where an entry comes to lie once the links on the way to it are followed, inside the root; null for what cannot be placed. */
function placeOf(written: string, links: ReadonlyMap<string, { target: string }>): string | null {
  const path = entryPath(written.replace(/^\.?\//, ''))
  if (path === null) return null
  let parts = path.split('/')
  let done: string[] = []
  for (let followed = 0; parts.length > 1; ) {
    const [part = '', ...rest] = parts
    const at = [...done, part].join('/')
    const target = links.get(at)?.target
    parts = rest
    if (target === undefined) done.push(part)
    else if (++followed > maxLinks) return null
    else {
      const led = within(target.startsWith('/') ? [] : done, target)
      // The way there may lead over links again.
      parts = [...led, ...rest]
      done = []
    }
  }
  return [...done, ...parts].join('/')
}

/** A link's target from the folder that it lies in; what would climb above the root stays at the root, as in a container. */
function within(from: readonly string[], target: string): string[] {
  const at = [...from]
  for (const part of target.slice(0, 4096).split('/')) {
    if (part === '..') at.pop()
    else if (part !== '' && part !== '.') at.push(part)
  }
  return at
}
