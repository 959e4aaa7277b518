import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { npmRequest } from '@upkeep/domain/npx-request'
import type { NpxLaunch } from './npx-candidate.ts'
import { type Outcome, outcome, versionOf } from './outcome.ts'
import { cachedCopy } from './package-copy.ts'
import { isPackageName } from './package-json.ts'
import { namesIn, type Search, variable } from './search.ts'

const maxFolders = 2_000

/**
 * Copies that `pnpm dlx` keeps. Its folder names hash settings that are not known here, so every copy of the package is listed and none is
 * said to run: pnpm asks the registry again once a copy is older than its limit (a day, unless set).
 */
export function resolvePnpmDlx(search: Search, launch: NpxLaunch): Outcome {
  const installed = isPackageName(launch.name) ? copies(search, launch.name) : []
  const versions = [...new Set(installed.map(versionOf))].join(', ')
  const kept = installed.length === 0 ? 'no copy is kept' : `kept copies: ${versions}`
  const facts = { name: launch.name, ecosystem: 'npm', pinned: npmRequest(launch.requested) === 'version' } as const
  const why = `pnpm decides by the age of a copy whether the registry is asked; ${kept}`
  return outcome(search, { ...facts, installed, wouldRun: null, why })
}

function copies(search: Search, name: string): Installation[] {
  const dlx = `${cacheFolder(search)}/dlx`
  return namesIn(search, dlx, maxFolders).flatMap((folder) => {
    const real = search.files.resolve(`${dlx}/${folder}/pkg`)
    if (real.state !== 'present') return []
    const copy = cachedCopy(search, real.path, name, { where: 'pnpm-dlx', cacheKey: null })
    return copy === null ? [] : [copy]
  })
}

function cacheFolder(search: Search): string {
  const { home, platform } = search.place
  const named = variable(search, 'npm_config_cache_dir')
  if (named !== null) return named
  const xdg = variable(search, 'XDG_CACHE_HOME')
  if (xdg !== null) return `${xdg}/pnpm`
  if (platform === 'darwin') return `${home}/Library/Caches/pnpm`
  if (platform === 'win32') return `${variable(search, 'LOCALAPPDATA') ?? `${home}/AppData/Local`}/pnpm-cache`
  return `${home}/.cache/pnpm`
}
