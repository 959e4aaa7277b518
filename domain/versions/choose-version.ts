import { fixedInReach, named } from './fix-in-reach.ts'
import { type AffectedVersions, judgeVersion } from './judge-version.ts'
import { type Ecosystem, lineageOrder, type PlacedVersion, placeVersion, plainOrder } from './version-order.ts'

/** All that the advisories about one package say of it. */
export interface PackageAdvisory {
  id: string
  affected: readonly AffectedVersions[]
}

/** What the registry in use offers of the package. `not-asked`: nothing is known of what can be had. */
export type Offer =
  | { state: 'listed'; versions: readonly OfferedVersion[]; latest: string | null }
  | { state: 'absent' }
  | { state: 'not-asked' }
export interface OfferedVersion {
  version: string
  engines: string | null
  deprecated: boolean
}

/** A version to go to: the smallest safe step. */
export interface Step {
  version: string
  engines: string | null
  deprecated: boolean
  /** Advisories that hold for the present version and not for this one. */
  closes: string[]
  /** Advisories that hold for this one, or may. */
  leaves: string[]
  changesLineage: boolean
  /** The registry's own `latest`, when it is another one, and what it is still affected by. */
  notLatest: { version: string; affectedBy: string[] } | null
}

/** Where to go from a version that advisories hold for, and what no version within reach closes. */
export interface Choice {
  step: Step | null
  open: OpenAdvisory[]
  obtainable: 'checked' | 'not-checked'
}

/** An advisory that no version within reach closes: the versions it names as fixed, and those of them that the registry has. */
export interface OpenAdvisory {
  id: string
  fixedIn: string[]
  obtainable: string[]
}

interface Question {
  ecosystem: Ecosystem
  current: string
  advisories: readonly PackageAdvisory[]
  offer: Offer
}

/**
 * Chooses the smallest step that closes every advisory; failing that, the one that leaves the fewest. Within the present lineage only later
 * versions count; in another one only those at or after a version that an advisory names as fixed.
 */
export function chooseVersion(question: Question): Choice {
  const holding = holdingFor(question, question.current)
  const affecting = holding.filter((one) => one.state === 'affected').map((one) => one.advisory)
  const current = placeVersion(question.ecosystem, question.current)
  const steps = current === null ? [] : candidates(question, current, affecting)
  const better = steps.filter((one) => one.closes.length > 0 && one.leaves.length < holding.length)
  const step = better.sort((a, b) => rank(a, b))[0] ?? null
  const open = affecting.filter((advisory) => !(step?.closes.includes(advisory.id) ?? false))
  return {
    step: step === null ? null : withLatest(question, step),
    open: open.map((advisory) => openAdvisory(question, advisory)),
    obtainable: question.offer.state === 'not-asked' ? 'not-checked' : 'checked',
  }
}

function openAdvisory({ ecosystem, offer }: Question, advisory: PackageAdvisory): OpenAdvisory {
  const fixedIn = named(ecosystem, advisory)
  const offeredVersions = offer.state === 'listed' ? offer.versions.map((one) => one.version) : []
  const obtainable = fixedIn.filter((fix) => offeredVersions.some((one) => plainOrder(ecosystem, one, fix) === 0))
  return { id: advisory.id, fixedIn, obtainable }
}

interface Candidate extends Omit<Step, 'notLatest'> {
  placed: PlacedVersion
}

function candidates(question: Question, current: PlacedVersion, affecting: readonly PackageAdvisory[]): Candidate[] {
  return offered(question, affecting).flatMap((one) => {
    const placed = placeVersion(question.ecosystem, one.version)
    if (placed === null || (placed.prerelease && !current.prerelease)) return []
    const ahead = lineageOrder(placed, current)
    if (ahead === null ? !fixedInReach(placed, affecting) : ahead <= 0) return []
    const leaves = holdingFor(question, one.version).map((held) => held.advisory.id)
    const closes = affecting.map((advisory) => advisory.id).filter((id) => !leaves.includes(id))
    return [{ ...one, placed, closes, leaves, changesLineage: ahead === null }]
  })
}

/** The registry's versions; where it was not asked, the versions that the advisories themselves name as fixed. */
function offered(question: Question, affecting: readonly PackageAdvisory[]): readonly OfferedVersion[] {
  if (question.offer.state === 'listed') return question.offer.versions
  if (question.offer.state === 'absent') return []
  const names = new Set(affecting.flatMap((advisory) => named(question.ecosystem, advisory)))
  return [...names].map((version) => ({ version, engines: null, deprecated: false }))
}

function rank(a: Candidate, b: Candidate): number {
  return (
    a.leaves.length - b.leaves.length ||
    Number(a.deprecated) - Number(b.deprecated) ||
    Number(a.changesLineage) - Number(b.changesLineage) ||
    (lineageOrder(a.placed, b.placed) ?? 0)
  )
}

function withLatest(question: Question, { placed: _, ...step }: Candidate): Step {
  const latest = question.offer.state === 'listed' ? question.offer.latest : null
  if (latest === null || latest === step.version) return { ...step, notLatest: null }
  const affectedBy = holdingFor(question, latest).map((held) => held.advisory.id)
  return { ...step, notLatest: { version: latest, affectedBy } }
}

/** The advisories that hold for a version, or cannot be said not to. */
function holdingFor(question: Question, version: string): { advisory: PackageAdvisory; state: string }[] {
  return question.advisories
    .map((advisory) => ({ advisory, state: judgeVersion(question.ecosystem, version, advisory.affected).state }))
    .filter((one) => one.state !== 'clear')
}
