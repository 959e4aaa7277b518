import { named } from './fix-in-reach.ts'
import {
  type Candidate,
  holdingFor,
  type PackageAdvisory,
  rankCandidates,
  type VersionQuestion,
} from './rank-candidates.ts'
import { plainOrder } from './version-order.ts'

/** A version to go to: the smallest safe step. */
export interface Step extends Candidate {
  /** The registry's own `latest`, when it is another one, and what it is still affected by. */
  notLatest: { version: string; affectedBy: string[] } | null
}

/** Where to go from a version that advisories hold for, and what no version within reach closes. */
export interface Choice {
  step: Step | null
  /** Every version that closes something, best first; the step is the first that nothing forbids. */
  candidates: Candidate[]
  open: OpenAdvisory[]
  obtainable: 'checked' | 'not-checked'
}

/** An advisory that no version within reach closes: the versions it names as fixed, and those of them that the registry has. */
export interface OpenAdvisory {
  id: string
  fixedIn: string[]
  obtainable: string[]
}

/**
 * Chooses the smallest step that closes every advisory; failing that, the one that leaves the fewest. Within the present lineage only later
 * versions count; in another one only those at or after a version that an advisory names as fixed.
 */
export function chooseVersion(question: VersionQuestion): Choice {
  const holding = holdingFor(question, question.current)
  const affecting = holding.filter((one) => one.state === 'affected').map((one) => one.advisory)
  const candidates = rankCandidates(question)
  const step = candidates.find((one) => one.blocked === null)
  const open = affecting.filter((advisory) => !(step?.closes.includes(advisory.id) ?? false))
  return {
    step: step === undefined ? null : withLatest(question, step),
    candidates,
    open: open.map((advisory) => openAdvisory(question, advisory)),
    obtainable: question.offer.state === 'not-asked' ? 'not-checked' : 'checked',
  }
}

function openAdvisory({ ecosystem, offer }: VersionQuestion, advisory: PackageAdvisory): OpenAdvisory {
  const fixedIn = named(ecosystem, advisory)
  const offeredVersions = offer.state === 'listed' ? offer.versions.map((one) => one.version) : []
  const obtainable = fixedIn.filter((fix) => offeredVersions.some((one) => plainOrder(ecosystem, one, fix) === 0))
  return { id: advisory.id, fixedIn, obtainable }
}

function withLatest(question: VersionQuestion, step: Candidate): Step {
  const latest = question.offer.state === 'listed' ? question.offer.latest : null
  if (latest === null || latest === step.version) return { ...step, notLatest: null }
  const affectedBy = holdingFor(question, latest).map((held) => held.advisory.id)
  return { ...step, notLatest: { version: latest, affectedBy } }
}
