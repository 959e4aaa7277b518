import type { FilesPort } from '@upkeep/contract/ports'
import type { PackageJson } from './package-json.ts'

/** A package found on disk: its folder with links resolved, and what its package.json says; null when it has none. */
export interface FoundPackage {
  folder: string
  /** The folder's name below node_modules, with scope: what `require` would say. */
  called: string
  manifest: PackageJson | null
}

/** Packages found, the folders that hold them, and what could not be looked at. */
export interface FoundTree {
  packages: FoundPackage[]
  /** Each node_modules folder met: what in it is no package is part of the tree too. */
  nodeModules: string[]
  problems: string[]
}

/** Bounds of one tree: past them the tree is cut and says so. */
export const treeBounds = {
  packages: 20_000,
  namesPerFolder: 20_000,
  depth: 40,
  filesPerPackage: 50_000,
  bytesPerPackage: 1 << 30,
  files: 400_000,
  bytes: 4 * (1 << 30),
}

/** Where a folder's links lead; null when they lead nowhere or the thing is no folder, with the reason as a problem. */
export function folderBehind(files: FilesPort, path: string, problem: (why: string) => void): string | null {
  const facts = files.inspect(path)
  if (facts.state === 'absent') return null
  if (facts.state === 'unavailable') {
    problem(facts.reason)
    return null
  }
  if (facts.type === 'folder') return path
  if (facts.type !== 'link') return null
  const real = files.resolve(path)
  if (real.state !== 'present') {
    problem(real.state === 'absent' ? 'a link that leads nowhere' : real.reason)
    return null
  }
  const led = files.inspect(real.path)
  return led.state === 'present' && led.type === 'folder' ? real.path : null
}
