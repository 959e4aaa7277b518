import { type NpmRequest, npmRequest } from '@upkeep/domain/npx-request'
import { isMeant, type NpxCandidate, type NpxLaunch } from './npx-candidate.ts'
import { versionOf } from './outcome.ts'

interface Decision {
  wouldRun: number | null
  why: string
}

/**
 * Which copy npx would start. Local and global copies that meet the request run as they are. For the cache npm asks the registry first,
 * except that an exact version can come to nothing else, and `*` takes whatever is there.
 */
export function decideNpx(
  launch: NpxLaunch,
  candidates: readonly NpxCandidate[],
  start: { path: string; assumed: boolean },
): Decision {
  const request = npmRequest(launch.requested)
  if (request === 'other') return { wouldRun: null, why: 'the request is an address or folder: what it holds decides' }
  if (request === 'tag')
    return { wouldRun: null, why: `the registry decides what the tag points to${cachedNote(candidates)}` }
  const local = candidates.findIndex((found) => found.installation.where === 'local' && isMeant(launch, found))
  const own = candidates[local]
  if (own !== undefined) return { wouldRun: local, why: localWhy(own, start) }
  return globalDecision(launch, candidates) ?? cacheDecision(launch, candidates, request)
}

function localWhy(own: NpxCandidate, start: { assumed: boolean }): string {
  const assumed = start.assumed ? ', if the client starts it in the home folder' : ''
  if (own.installation.components.some((one) => one.evidence?.technique === 'lockfile'))
    return `the project's lockfile pins ${versionOf(own.installation)}; it is not installed here${assumed}`
  return `the project's own copy ${versionOf(own.installation)} comes before the cache${assumed}`
}

function globalDecision(launch: NpxLaunch, candidates: readonly NpxCandidate[]): Decision | null {
  const index = candidates.findIndex(
    (found) => found.installation.where === 'global' && found.used !== 'no' && isMeant(launch, found),
  )
  const found = candidates[index]
  if (found === undefined) return null
  const version = versionOf(found.installation)
  if (found.used === 'yes') return { wouldRun: index, why: `the global copy ${version} comes before the cache` }
  return {
    wouldRun: null,
    why: `several npm are installed, and one has ${version} globally: which npm starts is not known`,
  }
}

function cacheDecision(launch: NpxLaunch, candidates: readonly NpxCandidate[], request: NpmRequest): Decision {
  const index = candidates.findIndex((found) => found.installation.where === 'npx-cache')
  const cached = candidates[index]
  if (cached === undefined) return { wouldRun: null, why: notCached(request) }
  const version = versionOf(cached.installation)
  if (request === 'version' && isMeant(launch, cached))
    return { wouldRun: index, why: `pinned, and ${version} is cached` }
  if (request === 'version') {
    return {
      wouldRun: null,
      why: `pinned, but the cache holds ${version}: the pinned version would be fetched from the registry`,
    }
  }
  if (request === 'any') return { wouldRun: index, why: `any version will do, and ${version} is cached` }
  const asks = request === 'range' ? 'the newest version in the range' : 'the version that "latest" points to'
  return {
    wouldRun: null,
    why: `unpinned: npm asks the registry for ${asks}; ${version} is cached and runs only if it is that one`,
  }
}

function notCached(request: NpmRequest): string {
  if (request === 'version') return 'pinned but not installed: it would be fetched from the registry'
  return 'unpinned, and no cached copy: the registry decides which version would be fetched'
}

function cachedNote(candidates: readonly NpxCandidate[]): string {
  const cached = candidates.find((found) => found.installation.where === 'npx-cache')
  return cached === undefined ? '; no copy is cached' : `; ${versionOf(cached.installation)} is cached`
}
