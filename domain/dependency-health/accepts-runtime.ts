import satisfies from 'semver/functions/satisfies.js'
import validRange from 'semver/ranges/valid.js'

/** Whether a range of runtime versions, as `engines` states it, holds for a version; null when the range cannot be read. */
export function acceptsRuntime(engines: string, version: string): boolean | null {
  if (engines.length > 256 || validRange(engines) === null) return null
  return satisfies(version, engines)
}
