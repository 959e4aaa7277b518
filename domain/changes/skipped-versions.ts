import type { Attestation } from '@upkeep/contract/person'
import type { Instant } from '@upkeep/contract/time'

const prefix = 'skip-version:'

/** A version that a person decided not to have proposed again until a day. */
export interface SkippedVersion {
  readonly until: Instant
  readonly person: string
  readonly reason: string
}

/** A version by the name that entries use, of whatever ecosystem. */
interface OfPackage {
  readonly name: string
  readonly version: string
}

/** What an attestation is about that passes a version over. */
export function skipScope({ name, version }: OfPackage): string {
  return `${prefix}${name}@${version}`
}

/** Whether an attestation passes a version over. */
export function isSkip({ scope }: Pick<Attestation, 'scope'>): boolean {
  return scope.startsWith(prefix)
}

/** Every version that is passed over, with the day until which. */
export function skippedVersions(attestations: readonly Attestation[], now: Instant): (OfPackage & SkippedVersion)[] {
  const named = attestations.flatMap(({ scope }) => {
    const [, name, version] = /^skip-version:(.+)@([^@]+)$/.exec(scope) ?? []
    return name === undefined || version === undefined ? [] : [[scope, { name, version }] as const]
  })
  return [...new Map(named).values()].flatMap((of) => {
    const skipped = skippedVersion(attestations, of, now)
    return skipped === null ? [] : [{ ...of, ...skipped }]
  })
}

/** The decision to pass a version over that is in force; null where there is none, or where it was taken back or is over. */
export function skippedVersion(
  attestations: readonly Attestation[],
  of: OfPackage,
  now: Instant,
): SkippedVersion | null {
  const scope = skipScope(of)
  const about = attestations.filter((one) => one.scope === scope)
  const revoked = new Set(about.flatMap(({ revokes }) => revokes ?? []))
  const standing = about.findLast(
    ({ id, revokes, validUntil }) => revokes === null && !revoked.has(id) && validUntil > now,
  )
  if (standing === undefined) return null
  return { until: standing.validUntil, person: standing.signer.person, reason: standing.statement }
}
