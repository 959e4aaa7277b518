import type { Facts, Proposal, Seen } from '@upkeep/contract'
import { dayOf } from '../distance.ts'
import { packageKey } from '../purl.ts'
import { type Choice, chooseVersion, type Step } from '../versions/choose-version.ts'
import type { Offer, PackageAdvisory, VersionQuestion } from '../versions/rank-candidates.ts'
import type { KnownPart } from './match-parts.ts'

/** Where to go from an affected version, with what has to be known about the way there. */
export interface NextVersion {
  choice: Choice
  limits: string[]
  /** Why nothing is known of what the registry has; null when it was asked. */
  notAsked: string | null
}

type Registry = Seen<'registry'>

/** Chooses the version to go to, from what the registry in use is known to offer. */
export function nextVersion(
  part: KnownPart,
  advisories: readonly PackageAdvisory[],
  registry: Registry,
  by: Pick<VersionQuestion, 'minimumAge'> & { skipped?: SkippedHere } = {},
): NextVersion {
  const { offer, reason, engines } = offerFor(part, registry)
  const { ecosystem, version: current } = part
  const skipped = skippedOf(part, by.skipped)
  const choice = chooseVersion({ ecosystem, current, advisories, offer, minimumAge: by.minimumAge, skipped })
  const limits = choice.step === null ? [] : limitsOf(part, choice.step, engines)
  if (choice.step !== null && reason !== null) limits.push(`obtainability not checked: ${reason}`)
  return { choice, limits, notAsked: reason }
}

/** What persons passed over, as the history tells it, and the moment for which it is asked. */
export interface SkippedHere {
  readonly history: Seen<'fleet-history'>
  readonly at: string
}

/** Versions of one package that are passed over, with the words for it. */
function skippedOf({ name }: KnownPart, here: SkippedHere | undefined): Map<string, string> {
  const all = here?.history.state === 'seen' ? (here.history.facts.skipped ?? []) : []
  const standing = all.filter((one) => one.name === name && one.until > (here?.at ?? ''))
  return new Map(
    standing.map(({ version, until, person, reason }) => [
      version,
      `passed over until ${dayOf(until)} by ${person} (${reason})`,
    ]),
  )
}

interface Offered {
  offer: Offer
  reason: string | null
  /** What the present version states about its runtime. */
  engines: string | null
}

function offerFor(part: KnownPart, registry: Registry): Offered {
  const nothing = { offer: { state: 'not-asked' }, engines: null } as const
  if (part.builds !== undefined) return { ...nothing, reason: `what ${part.ecosystem} offers now was not asked` }
  if (part.ecosystem !== 'npm') return { ...nothing, reason: `no registry information for ${part.ecosystem}` }
  if (registry.state !== 'seen') return { ...nothing, reason: `no registry information (${registry.reason})` }
  const packument = registry.facts.packages.find((one) => one.name === part.name)
  if (packument === undefined) {
    const failed = registry.facts.failed.find((one) => one.name === part.name)
    return {
      ...nothing,
      reason: `no registry information (${failed?.reason ?? 'it was not asked about this package'})`,
    }
  }
  if (packument.state === 'absent') return { offer: { state: 'absent' }, reason: null, engines: null }
  const engines = packument.versions.find((one) => one.version === part.version)?.engines ?? null
  return { offer: listed(packument), reason: null, engines }
}

function listed({ versions, distTags }: Facts<'registry'>['packages'][number]): Offer {
  return { state: 'listed', versions, latest: distTags.latest ?? null }
}

function limitsOf(part: KnownPart, step: Step, engines: string | null): string[] {
  const limits: string[] = []
  if (step.raisesFloor) {
    limits.push(`needs Node ${step.engines}; ${part.version} states ${engines ?? 'no limit'}`)
  }
  if (step.changesLineage) {
    limits.push(
      `the package numbers its versions in two ways: ${step.version} is named as the fix, though its number is lower`,
    )
  }
  if (step.leaves.length > 0) limits.push(`still affected by ${step.leaves.join(', ')}`)
  if (step.deprecated) limits.push(`${step.version} is marked as deprecated`)
  if (step.addsInstallScripts) limits.push(`installing ${step.version} runs scripts of its own`)
  if (step.losesProvenance) limits.push(`the origin of ${part.version} is verified, that of ${step.version} is not`)
  if (step.tooYoung === true) limits.push(`${step.version} was published only on ${step.publishedAt?.slice(0, 10)}`)
  return limits
}

/** Why the version proposed is not the registry's own `latest`, where that matters. */
export function whyNotLatest(step: Step): string {
  if (step.notLatest === null) return ''
  const { version, affectedBy } = step.notLatest
  if (affectedBy.length === 0) return `; the registry's latest, ${version}, is a larger step than needed`
  return `; the registry's latest, ${version}, is still affected by ${affectedBy.join(', ')}`
}

/** The change of the entry that takes the step, for an entry that starts the package by name. */
export function versionProposal(
  declared: Facts<'declared-server'>,
  part: KnownPart,
  { choice, limits }: NextVersion,
): Proposal | null {
  const { launch } = declared
  if (choice.step === null || !part.direct || !('ecosystem' in launch)) return null
  if (packageKey(launch.ecosystem, launch.name) !== packageKey(part.ecosystem, part.name)) return null
  const { step } = choice
  const why = `smallest step that closes ${step.closes.join(', ')}${whyNotLatest(step)}`
  const change = {
    kind: 'set-server-version',
    path: declared.path,
    server: declared.name,
    ...(declared.project === null ? {} : { project: declared.project }),
    package: launch.name,
    from: launch.requested,
    to: step.version,
  } as const
  return { change, why, limits }
}
