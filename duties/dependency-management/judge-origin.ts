import type { Facts, Seen } from '@upkeep/contract'
import type { Check } from '@upkeep/contract/observations/registry'
import { plainRepository } from '@upkeep/domain/dependency-health/source-repository'
import { printable } from '@upkeep/domain/printable'
import { called, decision, emptyPart, type Package, type Part } from './part.ts'

type Version = Facts<'registry'>['packages'][number]['versions'][number]

/** Whether the registry's signature over each package holds, and the attestation of where it was built. */
export function judgeOrigin(packages: readonly Package[], registry: Seen<'registry'>): Part {
  const part = emptyPart()
  if (registry.state !== 'seen') return part
  const published = new Map(
    registry.facts.packages.flatMap(({ name, versions }) => versions.map((one) => [`${name}@${one.version}`, one])),
  )
  const seen = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]))
  const tally = { signature: newTally(), provenance: newTally() }
  for (const [key, one] of seen) {
    const version = published.get(key)
    if (version === undefined) continue
    for (const what of marks) judgeMark(one, what, checkOf(version, what), tally[what], part)
    judgeSource(one, version, part)
    if (one.direct) part.notCovered.push(...lineOf(one, version))
  }
  for (const what of marks) sumUp(what, tally[what], part)
  if (registry.facts.trust !== undefined && part.passes.length + part.findings.length > 0)
    part.notCovered.push(`checked with ${registry.facts.trust.keys}; trust root: ${registry.facts.trust.root}`)
  return part
}

const marks = ['signature', 'provenance'] as const
type Mark = (typeof marks)[number]
interface Tally {
  verified: string[]
  unavailable: string[]
}

function newTally(): Tally {
  return { verified: [], unavailable: [] }
}

const none: Check = { state: 'unavailable', why: 'unavailable from this registry' }

function checkOf(version: Version, what: Mark): Check {
  const check = version[what]
  if (check !== undefined) return check
  const isCarried = what === 'signature' ? version.signed : version.attested
  return isCarried === true ? { state: 'unavailable', why: 'carried by this registry, not verified' } : none
}

function judgeMark(one: Package, what: Mark, check: Check, tally: Tally, part: Part): void {
  if (check.state === 'unavailable') tally.unavailable.push(called(one))
  else part.decided.push(decision('origin-not-proven', `${one.name} ${what}`))
  if (check.state === 'verified') tally.verified.push(called(one))
  if (check.state !== 'failed') return
  part.findings.push({
    rule: 'origin-not-proven',
    facts: { package: one.name, version: one.version, path: one.path, copy: one.copy, compared: what, why: check.why },
    summary: `${called(one)}: its ${what} does not hold: ${check.why}`,
    action:
      'Do not start it before you know why: hold the package against another registry, and ask the maker and whoever runs yours.',
  })
}

/**
 * A verified provenance names the repository of the build, the manifest one of its own choice: they are held against each other where both
 * name one. That they are the same proves nothing of either.
 */
function judgeSource(one: Package, { provenance }: Version, part: Part): void {
  const builtFrom = provenance?.state === 'verified' ? plainRepository(provenance.source ?? '') : null
  if (builtFrom === null) return
  const { repository: names } = one
  if (names === undefined && one.direct)
    part.notCovered.push(`${called(one)}: built from ${printable(builtFrom)}; it names no repository of its own`)
  if (names === undefined) return
  part.decided.push(decision('built-elsewhere', one.name))
  if (names === builtFrom && one.direct) part.passes.push(`${called(one)} is built from the repository that it names`)
  if (names === builtFrom) return
  part.findings.push({
    rule: 'built-elsewhere',
    facts: { package: one.name, version: one.version, path: one.path, copy: one.copy, names, builtFrom },
    summary: `${called(one)} is built from ${printable(builtFrom)}, and names ${printable(names)} as its source`,
    action: `Read ${printable(builtFrom)} before you trust what is said of ${printable(names)}; a project that moved is for its maker to say.`,
    ...(one.direct ? {} : { severity: 'low' as const }),
  })
}

/** What is not there is neither good nor bad, and is said of what the entry starts. */
function lineOf(one: Package, version: Version): string[] {
  const [signature, provenance] = marks.map((what) => checkOf(version, what))
  if (signature?.state !== 'unavailable' && provenance?.state !== 'unavailable') return []
  return [`${called(one)}: signature: ${wordsOf(signature)}; provenance: ${wordsOf(provenance)}`]
}

function wordsOf(check: Check | undefined): string {
  return check === undefined || check.state !== 'unavailable' ? (check?.state ?? '') : check.why
}

function sumUp(what: Mark, { verified, unavailable }: Tally, part: Part): void {
  const all = verified.length + unavailable.length
  if (verified.length > 0) part.passes.push(`${what} verified here: ${verified.length} packages (${verified[0]})`)
  if (unavailable.length > 0 && all > 1)
    part.notCovered.push(`${what} of ${unavailable.length} of ${all} packages: not there to be checked`)
}
