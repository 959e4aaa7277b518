import type { FilesPort } from '@upkeep/contract/ports'
import { type FoundTree, folderBehind, treeBounds } from './found-package.ts'
import { readPackageJson } from './package-json.ts'
import { relativeTo, shown } from './search.ts'

interface Walk extends FoundTree {
  files: FilesPort
  root: string
  seen: Set<string>
}

/** Every package below a folder's node_modules: nested, scoped, and behind links (workspaces, pnpm's store), each once. */
export function walkInstalledTree(files: FilesPort, root: string): FoundTree {
  const walk: Walk = { packages: [], nodeModules: [], problems: [], files, root, seen: new Set() }
  const waiting = [{ folder: root, depth: 0 }]
  for (;;) {
    const next = waiting.pop()
    if (next === undefined) return walk
    if (next.depth > treeBounds.depth) {
      addProblem(walk, next.folder, `packages lie more than ${treeBounds.depth} deep: cut there`)
      continue
    }
    const inner = packagesIn(walk, `${next.folder}/node_modules`)
    for (const folder of inner.reverse()) waiting.push({ folder, depth: next.depth + 1 })
  }
}

function packagesIn(walk: Walk, nodeModules: string): string[] {
  const real = folderBehind(walk.files, nodeModules, (why) => addProblem(walk, nodeModules, why))
  if (real === null || walk.seen.has(real)) return []
  walk.seen.add(real)
  walk.nodeModules.push(real)
  return namesBelow(walk, real).flatMap((called) => addPackage(walk, real, called))
}

function namesBelow(walk: Walk, nodeModules: string): string[] {
  return listed(walk, nodeModules).flatMap((name) => {
    if (!name.startsWith('@')) return name.startsWith('.') && name !== '.pnpm' ? [] : [name]
    return listed(walk, `${nodeModules}/${name}`).map((inner) => `${name}/${inner}`)
  })
}

function listed(walk: Walk, path: string): string[] {
  const list = walk.files.list(path, treeBounds.namesPerFolder)
  if (list.state === 'present') {
    if (list.truncated) addProblem(walk, path, `more than ${treeBounds.namesPerFolder} names: cut there`)
    return list.names
  }
  // A loose file where a package could be is covered with its folder.
  if (list.state === 'unavailable' && list.code !== 'not-a-file') addProblem(walk, path, list.reason)
  return []
}

function addPackage(walk: Walk, nodeModules: string, called: string): string[] {
  const path = `${nodeModules}/${called}`
  const folder = folderBehind(walk.files, path, (why) => addProblem(walk, path, why))
  if (folder === null || walk.seen.has(folder)) return []
  walk.seen.add(folder)
  // pnpm's store is a folder of folders that each hold a node_modules.
  if (called === '.pnpm') return listed(walk, folder).map((name) => `${folder}/${name}`)
  if (walk.packages.length >= treeBounds.packages) {
    if (walk.packages.length === treeBounds.packages)
      walk.problems.push(`more than ${treeBounds.packages} packages: cut there`)
    return []
  }
  const manifest = readPackageJson(walk.files, folder)
  if (manifest.state === 'unavailable') addProblem(walk, `${folder}/package.json`, manifest.reason)
  if (manifest.state === 'read') for (const why of manifest.problems) addProblem(walk, folder, why)
  walk.packages.push({ folder, called, manifest: manifest.state === 'read' ? manifest : null })
  return [folder]
}

function addProblem(walk: Walk, path: string, why: string): void {
  if (walk.problems.length < 100) walk.problems.push(`${shown(relativeTo(walk.root, path))}: ${why}`)
  else if (walk.problems.length === 100) walk.problems.push('and more')
}
