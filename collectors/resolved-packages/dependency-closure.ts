import type { FilesPort } from '@upkeep/contract/ports'
import { type FoundPackage, type FoundTree, folderBehind, treeBounds } from './found-package.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { relativeTo, shown, upwards } from './search.ts'

/**
 * A package and everything that it and its dependencies name, each found as Node finds it: in the nearest node_modules from the package's
 * real folder upwards. In a project that holds many packages this leaves out what the server does not use.
 */
export function dependencyClosure(files: FilesPort, start: string, root: string): FoundTree {
  const tree: FoundTree = { packages: [], nodeModules: [], problems: [] }
  const seen = new Set([start])
  const waiting: { folder: string; called: string }[] = [{ folder: start, called: '' }]
  const problem = (path: string, why: string) => {
    if (tree.problems.length < 100) tree.problems.push(`${shown(relativeTo(root, path))}: ${why}`)
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (tree.packages.length >= treeBounds.packages) {
      problem(next.folder, `more than ${treeBounds.packages} packages: cut there`)
      return tree
    }
    const manifest = manifestOf(files, next.folder, problem)
    tree.packages.push({ ...next, manifest })
    for (const found of neededBy(files, next.folder, manifest, problem)) {
      if (seen.has(found.folder)) continue
      seen.add(found.folder)
      waiting.push(found)
    }
  }
  return tree
}

function manifestOf(
  files: FilesPort,
  folder: string,
  problem: (path: string, why: string) => void,
): PackageJson | null {
  const manifest = readPackageJson(files, folder)
  if (manifest.state === 'unavailable') problem(`${folder}/package.json`, manifest.reason)
  if (manifest.state !== 'read') return null
  for (const why of manifest.problems) problem(folder, why)
  return manifest
}

function neededBy(
  files: FilesPort,
  folder: string,
  manifest: PackageJson | null,
  problem: (path: string, why: string) => void,
): Omit<FoundPackage, 'manifest'>[] {
  const holders = upwards(folder).filter((at) => !at.endsWith('/node_modules'))
  return (manifest?.dependencies ?? []).flatMap((called) => {
    for (const holder of holders) {
      const path = `${holder === '/' ? '' : holder}/node_modules/${called}`
      const found = folderBehind(files, path, (why) => problem(path, why))
      if (found !== null) return [{ folder: found, called }]
    }
    return []
  })
}
