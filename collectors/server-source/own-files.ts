import type { FilesPort } from '@upkeep/contract/ports'

/** Where sources are read from: a disk, or an image that is open. */
export type SourceFiles = Pick<FilesPort, 'inspect' | 'read' | 'list'>

/** A file of a package: its place on disk, its path inside the package, its size. */
export interface OwnFile {
  path: string
  relative: string
  size: number
}

/** The files that belong to a package itself, and what was left out with its reason. */
export interface OwnFiles {
  files: OwnFile[]
  notLooked: { path: string; reason: string }[]
}

const bounds = { files: 3_000, names: 5_000, depth: 12 }
/** Other packages, what tools keep for themselves, and tests: none of it runs when the server does. */
const notOwn = new Set(['node_modules', '.git', '__pycache__', '__tests__', 'test', 'tests', '.venv', 'venv'])

interface Waiting {
  path: string
  relative: string
  depth: number
}

/** Walks a package's own files from the places given (folders or files), in the order of their names. Links are not followed. */
export function ownFiles(files: SourceFiles, root: string, starts: readonly string[]): OwnFiles {
  const found: OwnFiles = { files: [], notLooked: [] }
  const first = starts.map((path) => ({ path, relative: relativeIn(root, path), depth: 0 }))
  const waiting: Waiting[] = first.reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.files.length >= bounds.files || next.depth > bounds.depth) {
      found.notLooked.push({ path: next.relative, reason: 'the package has more files than are looked at' })
      if (found.files.length >= bounds.files) return found
    } else waiting.push(...look(files, next, found))
  }
  return found
}

/** What lies beside the root, as a script may load it, keeps its whole path. */
function relativeIn(root: string, path: string): string {
  if (path === root) return ''
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}

/** Takes in a file; of a folder, what is in it, last name first. */
function look(files: SourceFiles, { path, relative, depth }: Waiting, found: OwnFiles): Waiting[] {
  const facts = files.inspect(path)
  if (facts.state === 'unavailable') found.notLooked.push({ path: relative, reason: facts.reason })
  if (facts.state !== 'present') return []
  if (facts.type === 'file') found.files.push({ path, relative, size: facts.size })
  if (facts.type === 'link') found.notLooked.push({ path: relative, reason: 'a link: not followed' })
  if (facts.type !== 'folder') return []
  const names = namesIn(files, path, relative, found).reverse()
  const inside = relative === '' ? '' : `${relative}/`
  return names.map((name) => ({ path: `${path}/${name}`, relative: `${inside}${name}`, depth: depth + 1 }))
}

function namesIn(files: SourceFiles, path: string, relative: string, found: OwnFiles): string[] {
  const list = files.list(path, bounds.names)
  if (list.state === 'unavailable') found.notLooked.push({ path: relative, reason: list.reason })
  if (list.state !== 'present') return []
  if (list.truncated) found.notLooked.push({ path: relative, reason: `more than ${bounds.names} names: cut there` })
  return list.names.filter((name) => !notOwn.has(name))
}
