import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { type LockedPackage, lockedTree } from '@upkeep/domain/npm-lock'
import { isPackageName } from './package-json.ts'
import { noteBlocked, type Search, shown } from './search.ts'

const maxBytes = 64 << 20
const file = 'package-lock.json'

/**
 * A package that is not installed in a project, as the project's lockfile pins it: versions, and no bytes. `start` is its key in the
 * lockfile, empty for the project itself. Null when there is no lockfile or it does not name the package.
 */
export function lockedCopy(
  search: Search,
  project: string,
  start: string,
  where: 'local' | 'script',
): Installation | null {
  const path = `${project}/${file}`
  const read = search.files.read(path, maxBytes)
  noteBlocked(search, path, read)
  if (read.state !== 'present') return null
  const tree = lockedTree(new TextDecoder().decode(read.bytes), start)
  if (tree === null) return null
  const problems = typeof tree === 'string' ? [`${file}: ${tree}`] : tree.problems
  const named = typeof tree === 'string' ? [] : tree.packages.filter((one) => isPackageName(one.name))
  const version = named.find((one) => one.path === start)?.version ?? null
  const none = { cacheKey: null, requested: null, engines: null, digest: null }
  return { where, root: project, version, ...none, components: named.map(componentOf), problems: [...problems] }
}

function componentOf({ name, version, path }: LockedPackage): Component {
  const detail = path === '' ? 'the project itself' : shown(path)
  return {
    ecosystem: 'npm',
    name,
    version,
    path: path === '' ? '.' : path,
    digest: null,
    evidence: { technique: 'lockfile', confidence: 0.9, file, detail },
  }
}
