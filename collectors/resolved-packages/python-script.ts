import type { Component, Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import { digestOf } from '@upkeep/domain/canonical-json'
import { type PythonLock, requirementsTxt, uvLock } from '@upkeep/domain/python-locks'
import { pythonEnvironment } from './python-environment.ts'
import { isFolder, parentOf, type Search, shown, upwards } from './search.ts'

const maxLockBytes = 16 << 20
const maxLevels = 6

/**
 * The packages that a Python script can import: those of the environment that starts it or lies beside it, else those that a lockfile
 * beside it names. Given the copy that covers the script's own bytes. Null where there is neither.
 */
export function pythonScript(
  search: Search,
  script: string,
  alone: Installation,
): Omit<ResolvedPackage, 'name'> | null {
  const folders = projectFolders(search, script)
  // A bundle brings its packages along in `lib`: nothing but packages with their metadata makes a folder of that name an environment.
  const beside = folders.flatMap((folder) => [`${folder}/.venv`, `${folder}/venv`, `${folder}/lib`])
  for (const root of [interpreterRoot(search), ...beside]) {
    const environment = root === null || !isFolder(search, root) ? null : pythonEnvironment(search, root)
    if (root !== null && environment !== null) return inEnvironment(alone, root, environment)
  }
  for (const folder of folders) {
    const locked = lockIn(search, folder)
    if (locked !== null) return byLock(alone, locked)
  }
  return null
}

/** The script's folder and those above it, below the home. */
function projectFolders(search: Search, script: string): string[] {
  const all = upwards(parentOf(script))
  const end = all.findIndex((folder) => folder === search.place.home || folder === '/')
  return all.slice(0, Math.min(end === -1 ? all.length : end, maxLevels))
}

/** Where the command names an interpreter by its path, the environment that it is of. */
function interpreterRoot({ server }: Search): string | null {
  if (server.command?.kind !== 'plain') return null
  return /^(\/.{1,2000})\/bin\/python[\d.]*$/.exec(server.command.text)?.[1] ?? null
}

function inEnvironment(
  alone: Installation,
  root: string,
  { components, digest, problems }: NonNullable<ReturnType<typeof pythonEnvironment>>,
): Omit<ResolvedPackage, 'name'> {
  const both = alone.digest === null || digest === null ? null : digestOf([alone.digest, digest])
  const copy = { ...alone, root, digest: both, components, problems: [...alone.problems, ...problems].slice(0, 100) }
  const why = `the script, with the environment ${shown(root)}`
  return { ecosystem: 'none', pinned: true, installed: [copy], wouldRun: 0, why }
}

interface Locked extends PythonLock {
  folder: string
  file: string
}

function lockIn(search: Search, folder: string): Locked | null {
  for (const [file, parse] of [
    ['uv.lock', uvLock],
    ['requirements.txt', requirementsTxt],
  ] as const) {
    const read = search.files.read(`${folder}/${file}`, maxLockBytes)
    if (read.state === 'unavailable') return { folder, file, packages: [], problems: [`${file}: ${read.reason}`] }
    if (read.state === 'present') return { folder, file, ...parse(new TextDecoder().decode(read.bytes)) }
  }
  return null
}

/** A lockfile says what would be installed: that it is, nobody has seen. */
function byLock(alone: Installation, { folder, file, packages, problems }: Locked): Omit<ResolvedPackage, 'name'> {
  const evidence = { technique: 'lockfile', confidence: 0.7, file, detail: 'named, not seen installed' } as const
  const path = folder === alone.root ? file : `${folder}/${file}`
  const components = packages.map(
    ({ name, version }): Component => ({ ecosystem: 'PyPI', name, version, path, digest: null, evidence }),
  )
  const unseen = `no environment was found: packages are known by ${file} only`
  const copy = { ...alone, components, problems: [...alone.problems, unseen, ...problems].slice(0, 100) }
  return { ecosystem: 'none', pinned: true, installed: [copy], wouldRun: 0, why: `the script; ${unseen}` }
}
