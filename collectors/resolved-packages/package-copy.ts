import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { npmRequest } from '@upkeep/domain/npx-request'
import { dependencyClosure } from './dependency-closure.ts'
import { walkInstalledTree } from './installed-tree.ts'
import { describeInstallation } from './npm-installation.ts'
import { isPrintable, readPackageJson } from './package-json.ts'
import { isFolder, noteBlocked, parentOf, type Search, upwards } from './search.ts'

/** The copy that a cache folder of npx (or of pnpm dlx) holds: its whole tree. Null when the package is not in it. */
export function cachedCopy(
  search: Search,
  root: string,
  name: string,
  head: { where: 'npx-cache' | 'pnpm-dlx'; cacheKey: string | null },
): Installation | null {
  if (!isFolder(search, `${root}/node_modules/${name}`)) return null
  const tree = walkInstalledTree(search.files, root)
  const real = search.files.resolve(`${root}/node_modules/${name}`)
  const main = tree.packages.find((found) => real.state === 'present' && found.folder === real.path) ?? null
  return describeInstallation(search.files, tree, { ...head, root, main, requested: requestedBy(search, root, name) })
}

/** What the cache folder's own package.json asks for. */
function requestedBy(search: Search, root: string, name: string): string | null {
  const read = search.files.read(`${root}/package.json`, 1 << 20)
  if (read.state !== 'present') return null
  const text = new TextDecoder().decode(read.bytes)
  return dependencyRange(text, name)
}

function dependencyRange(text: string, name: string): string | null {
  try {
    const manifest: unknown = JSON.parse(text)
    const wanted = member(member(manifest, 'dependencies'), name)
    // An address may carry a password: only what is a range, version or tag is passed on.
    return typeof wanted === 'string' && npmRequest(wanted) !== 'other' && isPrintable(wanted) ? wanted : null
  } catch {
    return null
  }
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string, unknown>(Object.entries(value)).get(name)
}

/** A package installed in a project or globally, with what it needs. Null when it is not there. */
export function installedCopy(
  search: Search,
  folder: string,
  where: 'local' | 'global' | 'script',
): Installation | null {
  const real = search.files.resolve(folder)
  if (real.state !== 'present') {
    noteBlocked(search, folder, real)
    return null
  }
  const facts = search.files.inspect(real.path)
  if (facts.state !== 'present' || facts.type !== 'folder') return null
  const root = holderOf(real.path)
  const tree = dependencyClosure(search.files, real.path, root)
  const head = { where, root, main: tree.packages[0] ?? null, cacheKey: null, requested: null }
  return describeInstallation(search.files, tree, head)
}

/** The folder that holds the outermost node_modules on the way; the package itself when it lies in none. */
function holderOf(folder: string): string {
  const cut = folder.indexOf('/node_modules/')
  return cut < 0 ? folder : folder.slice(0, cut) || '/'
}

/** The package that owns a file: the nearest package.json upwards that has a name, not beyond `stop` (a home, which owns nothing). */
export function owningPackage(search: Search, file: string, stop: string): string | null {
  for (const folder of upwards(parentOf(file))) {
    if (folder === stop || folder === '/') return null
    const manifest = readPackageJson(search.files, folder)
    noteBlocked(search, `${folder}/package.json`, manifest)
    if (manifest.state === 'read' && (manifest.name !== null || manifest.problems.length > 0)) return folder
  }
  return null
}
