import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { npmRequest } from '@upkeep/domain/npx-request'
import { lockedCopy } from './locked-copy.ts'
import { type GlobalPrefix, type NpmLocations, npmLocations, projectFolder } from './npm-locations.ts'
import type { NpxCandidate, NpxLaunch } from './npx-candidate.ts'
import { decideNpx } from './npx-decision.ts'
import { type Outcome, outcome } from './outcome.ts'
import { cachedCopy, installedCopy, owningPackage } from './package-copy.ts'
import { isPackageName } from './package-json.ts'
import { isAbsolute, isFolder, type Search, startFolder, upwards } from './search.ts'

/** Which copies npx could start for an entry, and which it would: in its own order local, global, cache. */
export function resolveNpx(search: Search, launch: NpxLaunch): Outcome {
  const locations = npmLocations(search)
  const candidates = isPackageName(launch.name)
    ? [
        ...localCopies(search, launch),
        ...globalCopies(search, launch, locations),
        ...cacheCopies(search, launch, locations),
      ]
    : cacheCopies(search, launch, locations)
  const decision = decideNpx(launch, candidates, startFolder(search))
  return outcome(search, {
    name: launch.name,
    ecosystem: 'npm',
    pinned: npmRequest(launch.requested) === 'version',
    installed: candidates.map((candidate) => candidate.installation),
    ...decision,
  })
}

function localCopies(search: Search, launch: NpxLaunch): NpxCandidate[] {
  const command = commandOwner(search, launch)
  if (command !== null) return one(installedCopy(search, command, 'local'), 'yes', true)
  const project = projectFolder(search)
  const folder = `${project}/node_modules/${launch.name}`
  if (isFolder(search, folder)) return one(installedCopy(search, folder, 'local'), 'yes')
  return one(lockedCopy(search, project, `node_modules/${launch.name}`, 'local'), 'yes')
}

/** `npx tool` first takes a command of that name from the nearest node_modules/.bin upwards, whichever package put it there. */
function commandOwner(search: Search, launch: NpxLaunch): string | null {
  if (launch.requested !== null || launch.name.includes('/') || launch.packages.length > 1) return null
  for (const folder of upwards(startFolder(search).path)) {
    const owner = ownerOfCommand(search, `${folder === '/' ? '' : folder}/node_modules/.bin/${launch.name}`)
    if (owner !== null) return owner
  }
  return null
}

function ownerOfCommand(search: Search, path: string): string | null {
  const real = search.files.resolve(path)
  return real.state === 'present' && real.path !== path ? owningPackage(search, real.path, search.place.home) : null
}

function globalCopies(search: Search, launch: NpxLaunch, { prefixes }: NpmLocations): NpxCandidate[] {
  const several = prefixes.filter((prefix) => prefix.active).length > 1
  return prefixes.flatMap((prefix) => globalCopy(search, launch, prefix, several))
}

function globalCopy(search: Search, launch: NpxLaunch, prefix: GlobalPrefix, several: boolean): NpxCandidate[] {
  const used = !prefix.active ? 'no' : several ? 'maybe' : 'yes'
  const byName = launch.requested === null && !launch.name.includes('/') && launch.packages.length <= 1
  const command = byName ? ownerOfCommand(search, `${prefix.bin}/${launch.name}`) : null
  if (command !== null) return one(installedCopy(search, command, 'global'), used, true)
  const folder = `${prefix.nodeModules}/${launch.name}`
  return isFolder(search, folder) ? one(installedCopy(search, folder, 'global'), used) : []
}

function cacheCopies(search: Search, launch: NpxLaunch, { cache }: NpmLocations): NpxCandidate[] {
  if (!isPackageName(launch.name)) return []
  const cacheKey = npxCacheKey(keyedPackages(search, launch))
  return one(cachedCopy(search, `${cache}/_npx/${cacheKey}`, launch.name, { where: 'npx-cache', cacheKey }), 'yes')
}

/** The packages as npm hashes them: as written, but a folder by its full path. */
function keyedPackages(search: Search, launch: NpxLaunch): string[] {
  const written = launch.requested === null ? launch.name : `${launch.name}@${launch.requested}`
  const packages = launch.packages.length > 0 ? launch.packages : [written]
  return packages.map((text) => {
    if (!/^\.{0,2}\//.test(text)) return text
    const path = isAbsolute(text) ? text : `${startFolder(search).path}/${text}`
    const real = search.files.resolve(path)
    return real.state === 'present' && isFolder(search, real.path) ? real.path : text
  })
}

function one(installation: Installation | null, used: NpxCandidate['used'], byCommand = false): NpxCandidate[] {
  return installation === null ? [] : [{ installation, used, byCommand }]
}
