import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { goProgram } from './go-program.ts'
import { lockedCopy } from './locked-copy.ts'
import { notSupported, type Outcome, outcome, versionOf } from './outcome.ts'
import { installedCopy, owningPackage } from './package-copy.ts'
import { pythonScript } from './python-script.ts'
import {
  isAbsolute,
  isFolder,
  noteBlocked,
  parentOf,
  relativeTo,
  type Search,
  shown,
  startFolder,
  upwards,
} from './search.ts'

const fileBounds = { except: [], maxFiles: 1, maxBytes: 2 * (1 << 30) }

/** What a script started with node, bun, deno or python belongs to: the package that owns it, else the script alone. */
export function resolveScript(
  search: Search,
  launch: { via: 'node' | 'python' | 'bun' | 'deno'; script: string | null; module: string | null },
): Outcome {
  if (launch.script === null) {
    const what = launch.module === null ? 'no script is named' : 'a module is started by name'
    return notSupported(`${what}: which file ${launch.via} would run is not known`)
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]+:/.test(launch.script)) return notSupported('the script is an address, not a file')
  const path = isAbsolute(launch.script) ? launch.script : `${startFolder(search).path}/${launch.script}`
  const real = search.files.resolve(path)
  noteBlocked(search, path, real)
  const ecosystem = launch.via === 'python' ? 'none' : 'npm'
  if (real.state !== 'present')
    return outcome(search, locked(search, path) ?? nothing(path, ecosystem, 'the script is not there'))
  if (launch.via === 'python') return outcome(search, ofPython(search, real.path))
  const owner = owningPackage(search, real.path, search.place.home)
  if (owner === null) return outcome(search, scriptAlone(search, real.path))
  const bare = isInstalled(search, owner) ? null : locked(search, real.path)
  if (bare !== null) return outcome(search, bare)
  const copy = installedCopy(search, owner, 'script')
  return outcome(search, copy === null ? scriptAlone(search, real.path) : owned(copy, owner))
}

/** A package below a node_modules is installed, though what it needs may lie beside it and not below it. */
function isInstalled(search: Search, owner: string): boolean {
  return owner.includes('/node_modules/') || isFolder(search, `${owner}/node_modules`)
}

/** A script of a project that is not installed or not built: what its lockfile pins. Null where there is none. */
function locked(search: Search, path: string): ResolvedPackage | null {
  const inside = /^(.*?)\/(node_modules\/(?:@[^/]+\/)?[^/]+)\//s.exec(path)
  const project = inside?.[1] ?? upwards(parentOf(path)).find((folder) => hasLockfile(search, folder))
  if (project === undefined || !hasLockfile(search, project)) return null
  const copy = lockedCopy(search, project, inside?.[2] ?? '', 'script')
  if (copy === null) return null
  const name = copy.components.find((one) => one.path === (inside?.[2] ?? '.'))?.name ?? lastPart(project)
  const why = `the lockfile of ${lastPart(project)} pins it; it is not installed here`
  return { name, ecosystem: 'npm', pinned: true, installed: [copy], wouldRun: 0, why }
}

function hasLockfile(search: Search, folder: string): boolean {
  return search.files.inspect(`${folder}/package-lock.json`).state === 'present'
}

function owned(copy: Installation, owner: string): ResolvedPackage {
  const path = relativeTo(copy.root, owner)
  const name = copy.components.find((component) => component.path === path)?.name ?? lastPart(owner)
  const why = `the script belongs to ${name} ${versionOf(copy)}`
  return { name, ecosystem: 'npm', pinned: true, installed: [copy], wouldRun: 0, why }
}

function ofPython(search: Search, path: string): ResolvedPackage {
  const found = pythonScript(search, path, oneFile(search, path, 'script'))
  return found === null ? scriptAlone(search, path) : { name: lastPart(path), ...found }
}

function scriptAlone(search: Search, path: string): ResolvedPackage {
  const copy = oneFile(search, path, 'script')
  const why = 'no package owns the script: only its own bytes are covered, not what it loads'
  return { name: lastPart(path), ecosystem: 'none', pinned: true, installed: [copy], wouldRun: 0, why }
}

/** A program named by its full path: its bytes. One found over PATH is not looked up, since the client's PATH is not known. */
export function resolveBinary(search: Search, file: string): Outcome {
  const anchored = isAbsolute(file) || file.includes('/') || file.includes('\\')
  if (!anchored) return notSupported('the command is looked up on the PATH of the client, which is not known')
  const path = isAbsolute(file) ? file : `${startFolder(search).path}/${file}`
  const real = search.files.resolve(path)
  noteBlocked(search, path, real)
  if (real.state !== 'present') return outcome(search, nothing(path, 'none', 'the program is not there'))
  const bare = oneFile(search, real.path, 'binary')
  const components = goProgram(search, real.path, bare.digest)
  const copy = { ...bare, components }
  const why =
    components.length === 0
      ? 'a program named by its path: only its own bytes are covered, not what it loads'
      : 'a Go program named by its path, with the modules that its compiler wrote into it'
  return outcome(search, { name: lastPart(path), ecosystem: 'none', pinned: true, installed: [copy], wouldRun: 0, why })
}

function oneFile(search: Search, path: string, where: 'script' | 'binary'): Installation {
  const bytes = search.files.digestTree(path, fileBounds)
  if (bytes.state === 'unavailable') noteBlocked(search, path, bytes)
  const read = bytes.state === 'present' && bytes.problems.length === 0
  const problems = read ? [] : [`${shown(lastPart(path))}: could not be read`]
  const digest = read ? bytes.digest : null
  const none = { version: null, cacheKey: null, requested: null, engines: null, components: [] }
  const script = where === 'script' ? { script: path.toWellFormed() } : {}
  return { where, root: parentOf(path), ...script, ...none, digest, problems }
}

function nothing(path: string, ecosystem: ResolvedPackage['ecosystem'], why: string): ResolvedPackage {
  return { name: lastPart(path), ecosystem, pinned: true, installed: [], wouldRun: null, why }
}

function lastPart(path: string): string {
  return shown(path.split(/[\\/]/).at(-1) || path)
}
