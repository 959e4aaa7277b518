import compare from 'semver/functions/compare.js'
import minVersion from 'semver/ranges/min-version.js'

/** The lowest runtime version that an `engines` range accepts; null when there is no range or it cannot be read. */
export function runtimeFloor(engines: string | null): string | null {
  if (engines === null || engines.length > 256) return null
  try {
    return minVersion(engines)?.version ?? null
  } catch {
    return null
  }
}

/** True when going to `next` needs a newer runtime than `present` is known to need. */
export function raisesFloor(present: string | null, next: string | null): boolean {
  const floor = runtimeFloor(next)
  if (floor === null) return false
  return compare(floor, runtimeFloor(present) ?? '0.0.0') > 0
}
