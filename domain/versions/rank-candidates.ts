import type { Check } from '@upkeep/contract/observations/registry'
import { fixedInReach, named } from './fix-in-reach.ts'
import { type AffectedVersions, judgeVersion } from './judge-version.ts'
import { type DateTrust, judgeDates } from './published-dates.ts'
import { raisesFloor } from './runtime-floor.ts'
import { type Ecosystem, lineageOrder, type PlacedVersion, placeVersion } from './version-order.ts'

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
  deprecation?: string | undefined
  publishedAt?: string | null | undefined
  installScripts?: boolean | undefined
  signed?: boolean | undefined
  attested?: boolean | undefined
  signature?: Check | undefined
  provenance?: Check | undefined
}

/** Where a version stands, and what it should have. */
export interface VersionQuestion {
  ecosystem: Ecosystem
  current: string
  advisories: readonly PackageAdvisory[]
  offer: Offer
  /** How old a version should be before it is taken, and the day that counts from. */
  minimumAge?: { days: number; at: string } | undefined
  /** Versions that a person passed over, each with the words for it. */
  skipped?: ReadonlyMap<string, string> | undefined
}

/** A version that could be gone to, with all that ranking it rests on. */
export interface Candidate {
  version: string
  engines: string | null
  deprecated: boolean
  /** The publisher's own words: text from outside. */
  deprecation: string | null
  /** Advisories that hold for the present version and not for this one. */
  closes: string[]
  /** Advisories that hold for this one, or may. */
  leaves: string[]
  changesLineage: boolean
  /** It needs a newer runtime than the present version states. */
  raisesFloor: boolean
  /** Null: the registry does not say. */
  installScripts: boolean | null
  /** Installing it runs scripts, and installing the present version did not. */
  addsInstallScripts: boolean
  publishedAt: string | null
  dates: DateTrust
  /** Younger than it should be; null where no date can be believed. */
  tooYoung: boolean | null
  /** `verified` and `failed` are said only by who has checked; what a registry merely carries proves nothing. */
  provenance: Check
  signature: Check
  /** The origin of the present version is verified, and that of this one is not. */
  losesProvenance: boolean
  /**
   * Why nobody should go there, however much it closes: a signature or an attestation that does not hold, or a person who passed it over;
   * null where nothing forbids it.
   */
  blocked: string | null
  /** A person passed it over for now. */
  passedOver: boolean
  /** What tools it would offer. Nothing is started here, so nothing is known of it. */
  toolSurface: 'not known'
}

interface Ranked extends Candidate {
  placed: PlacedVersion
}

/**
 * The versions that close something without opening more, best first: not blocked, the fewest advisories left, then not deprecated, old
 * enough, in the present line, on the present runtime, without new install scripts, of verified origin where the present one is, and the
 * smallest step.
 */
export function rankCandidates(question: VersionQuestion): Candidate[] {
  const current = placeVersion(question.ecosystem, question.current)
  if (current === null) return []
  const holding = holdingFor(question, question.current)
  const affecting = holding.filter((one) => one.state === 'affected').map((one) => one.advisory)
  const ahead = stepsAhead(question, current, affecting)
  const better = ahead.filter((one) => one.closes.length > 0 && one.leaves.length < holding.length)
  return better.sort(rank).map(({ placed: _, ...candidate }) => candidate)
}

function stepsAhead(
  question: VersionQuestion,
  current: PlacedVersion,
  affecting: readonly PackageAdvisory[],
): Ranked[] {
  const offered = offeredVersions(question, affecting)
  const present = offered.find((one) => one.version === question.current)
  const dates = judgeDates(question.ecosystem, offered)
  return offered.flatMap((one) => {
    const placed = placeVersion(question.ecosystem, one.version)
    if (placed === null || (placed.prerelease && !current.prerelease)) return []
    const ahead = lineageOrder(placed, current)
    if (ahead === null ? !fixedInReach(placed, affecting) : ahead <= 0) return []
    const leaves = holdingFor(question, one.version).map((held) => held.advisory.id)
    const closes = affecting.map((advisory) => advisory.id).filter((id) => !leaves.includes(id))
    return [{ ...describe(one, present, dates, question), placed, closes, leaves, changesLineage: ahead === null }]
  })
}

function describe(
  one: OfferedVersion,
  present: OfferedVersion | undefined,
  dates: DateTrust,
  { minimumAge, skipped }: VersionQuestion,
): Omit<Candidate, 'closes' | 'leaves' | 'changesLineage'> {
  const installScripts = one.installScripts ?? null
  const at = Date.parse(one.publishedAt ?? '')
  return {
    version: one.version,
    engines: one.engines,
    deprecated: one.deprecated,
    deprecation: one.deprecation ?? null,
    raisesFloor: raisesFloor(present?.engines ?? null, one.engines),
    installScripts,
    addsInstallScripts: installScripts === true && present?.installScripts !== true,
    publishedAt: one.publishedAt ?? null,
    dates,
    tooYoung: dates.trusted && !Number.isNaN(at) ? isYounger(at, minimumAge) : null,
    ...origin(one, present, skipped?.get(one.version) ?? null),
  }
}

type Origin = Pick<Candidate, 'provenance' | 'signature' | 'losesProvenance' | 'blocked' | 'passedOver' | 'toolSurface'>

function origin(one: OfferedVersion, present: OfferedVersion | undefined, skipped: string | null): Origin {
  const provenance = one.provenance ?? { state: 'unavailable', why: provenanceWords(one.attested) }
  const signature = one.signature ?? { state: 'unavailable', why: signatureWords(one.signed) }
  const failed = [provenance, signature].find((check) => check.state === 'failed')
  return {
    provenance,
    signature,
    losesProvenance: present?.provenance?.state === 'verified' && provenance.state !== 'verified',
    blocked: failed?.why ?? skipped,
    passedOver: failed === undefined && skipped !== null,
    toolSurface: 'not known',
  }
}

const dayMs = 86_400_000

function isYounger(publishedAt: number, minimum: VersionQuestion['minimumAge']): boolean {
  return minimum !== undefined && Date.parse(minimum.at) - publishedAt < minimum.days * dayMs
}

function signatureWords(signed: boolean | undefined): string {
  return signed === true
    ? 'the registry carries a signature; it was not looked at here'
    : 'unavailable from this registry'
}

function provenanceWords(attested: boolean | undefined): string {
  if (attested === true) return 'the registry carries an attestation; it was not looked at here'
  return attested === false ? 'the registry carries no attestation' : 'the registry does not say'
}

/** The registry's versions; where it was not asked, the versions that the advisories themselves name as fixed. */
function offeredVersions(question: VersionQuestion, affecting: readonly PackageAdvisory[]): readonly OfferedVersion[] {
  if (question.offer.state === 'listed') return question.offer.versions
  if (question.offer.state === 'absent') return []
  const names = new Set(affecting.flatMap((advisory) => named(question.ecosystem, advisory)))
  return [...names].map((version) => ({ version, engines: null, deprecated: false }))
}

function rank(a: Ranked, b: Ranked): number {
  return (
    Number(a.blocked !== null) - Number(b.blocked !== null) ||
    a.leaves.length - b.leaves.length ||
    Number(a.deprecated) - Number(b.deprecated) ||
    Number(a.tooYoung === true) - Number(b.tooYoung === true) ||
    Number(a.changesLineage) - Number(b.changesLineage) ||
    Number(a.raisesFloor) - Number(b.raisesFloor) ||
    Number(a.addsInstallScripts) - Number(b.addsInstallScripts) ||
    Number(a.losesProvenance) - Number(b.losesProvenance) ||
    (lineageOrder(a.placed, b.placed) ?? 0)
  )
}

/** The advisories that hold for a version, or cannot be said not to. */
export function holdingFor(
  question: Pick<VersionQuestion, 'ecosystem' | 'advisories'>,
  version: string,
): { advisory: PackageAdvisory; state: string }[] {
  return question.advisories
    .map((advisory) => ({ advisory, state: judgeVersion(question.ecosystem, version, advisory.affected).state }))
    .filter((one) => one.state !== 'clear')
}
