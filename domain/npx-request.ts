import semver from 'semver'

/**
 * What kind of thing is asked for behind the name of an npm package. `none`: the name alone; `any`: explicitly whatever there is;
 * `other`: an address, a folder, an alias.
 */
export type NpmRequest = 'none' | 'any' | 'version' | 'range' | 'tag' | 'other'

const loose = { loose: true }

/** Tells the kind of a request as npm does: what is neither version nor range and could not be a tag is something else. */
export function npmRequest(requested: string | null): NpmRequest {
  if (requested === null) return 'none'
  const text = requested.trim()
  if (text === '' || text === '*') return 'any'
  if (text.length > 256) return 'other'
  if (semver.valid(text, loose) !== null) return 'version'
  if (semver.validRange(text, loose) !== null) return 'range'
  return /^[A-Za-z0-9._~!'()-]+$/.test(text) ? 'tag' : 'other'
}

/** True when an installed version is one that the request means. A tag never is: only the registry knows what it points to. */
export function meetsRequest(version: string, requested: string | null): boolean {
  switch (npmRequest(requested)) {
    case 'none':
    case 'any':
      return true
    case 'version':
      return semver.clean(requested ?? '', loose) === version
    case 'range':
      return semver.satisfies(version, requested ?? '', loose)
    default:
      return false
  }
}
