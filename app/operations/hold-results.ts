import type { Facts } from '@upkeep/contract'
import type { KeptResults } from '@upkeep/contract/observations/foreign-results'
import { type Claim, claimsAbout, versionKey } from '@upkeep/domain/foreign-results/claims'
import type { ServerParts } from '@upkeep/engine/report/fleet-parts'
import type { VexStatement } from '@upkeep/engine/report/vex-statement'
import { z } from 'zod'

const PackageVersion = { package: z.string(), version: z.string() }

/** One vulnerability of one package version as another scanner tells it, and how it stands beside what was judged here. */
export const HeldReport = z.strictObject({
  ids: z.array(z.string()),
  ...PackageVersion,
  says: z.enum(['affected', 'not-affected', 'not-decided']),
  standing: z
    .enum(['agreed', 'we say otherwise', 'they say otherwise', 'not judged here', 'not ours'])
    .describe('agreed: both say the same; not ours: no server that it is about has that package in that version'),
  why: z.string(),
})

/** The results of one scanner beside ours: what both say, and every difference. A difference is no error. */
export const HeldResults = z.strictObject({
  reports: z.array(HeldReport),
  /** What was found here, and what it does not report. */
  onlyOurs: z.array(z.strictObject({ id: z.string(), ...PackageVersion })),
  /** Packages that one of the two lists and the other does not; null where it lists none. */
  components: z
    .strictObject({
      both: z.int(),
      onlyTheirs: z.array(z.strictObject(PackageVersion)),
      onlyOurs: z.array(z.strictObject(PackageVersion)),
    })
    .nullable(),
})
export type HeldResults = z.infer<typeof HeldResults>

interface Part {
  ecosystem: string
  name: string
  version: string
}

/** Holds one scanner's results against what was judged of the servers that they are about. */
export function holdResults(
  kept: KeptResults,
  servers: readonly ServerParts[],
  statements: readonly VexStatement[],
  records: Facts<'advisories'>['records'],
): HeldResults {
  const listed = partsOf(servers)
  const parts = [...listed, ...statements]
  const claims = claimsAbout(parts, [kept], records)
  const here = new Set(parts.map((part) => versionKey(part.ecosystem, part.name, part.version)))
  const held = claims.map((claim) => ({ claim, ours: oursOf(claim, statements) }))
  const told = new Set(
    held.flatMap(({ claim, ours }) => (saysAffected(claim) ? ours.map((one) => sameElsewhere(one)) : [])),
  )
  const missing = statements.filter((one) => one.status === 'affected' && !told.has(sameElsewhere(one)))
  const onlyOurs = new Map(missing.map((one) => [sameElsewhere(one), one]))
  return {
    reports: [...held.map(({ claim, ours }) => reportOf(claim, ours)), ...notOurs(kept, here)],
    // An inventory that judges nothing leaves nothing out.
    onlyOurs: (kept.judges ? [...onlyOurs.values()] : []).map((one) => ({ id: one.vulnerability.id, ...shown(one) })),
    components: kept.components.length === 0 ? null : compareComponents(kept, listed),
  }
}

function partsOf(servers: readonly ServerParts[]): Part[] {
  const copies = servers.flatMap(({ resolved }) => (resolved?.state === 'seen' ? resolved.facts.installed : []))
  const all = copies.flatMap((copy) => copy.components)
  return all.flatMap(({ ecosystem, name, version }) => (version === null ? [] : [{ ecosystem, name, version }]))
}

/** The statements about the same vulnerability of the same package version, whatever server they are about. */
function oursOf(claim: Claim, statements: readonly VexStatement[]): VexStatement[] {
  const key = versionKey(claim.ecosystem, claim.name, claim.version)
  return statements.filter(
    (one) =>
      versionKey(one.ecosystem, one.name, one.version) === key &&
      [one.vulnerability.id, ...one.vulnerability.aliases].some((id) => claim.ids.includes(id)),
  )
}

function saysAffected(claim: Claim): boolean {
  return claim.opinions.some((one) => one.says === 'affected')
}

/** The same vulnerability of the same package version, stated of another server, is told with it. */
function sameElsewhere({ vulnerability, ecosystem, name, version }: VexStatement): string {
  return `${vulnerability.id} ${versionKey(ecosystem, name, version)}`
}

function shown({ ecosystem, name, version }: Part) {
  return { package: `${ecosystem}:${name}`, version }
}

function reportOf(claim: Claim, ours: readonly VexStatement[]): z.infer<typeof HeldReport> {
  const says = saysAffected(claim) ? 'affected' : (claim.opinions[0]?.says ?? 'not-decided')
  return { ids: claim.ids, ...shown(claim), says, ...standingOf(says, ours) }
}

function standingOf(
  says: z.infer<typeof HeldReport>['says'],
  ours: readonly VexStatement[],
): Pick<z.infer<typeof HeldReport>, 'standing' | 'why'> {
  const affected = ours.find((one) => one.status === 'affected')
  const clear = ours.find((one) => one.status === 'not-affected')
  const [any] = ours
  if (affected !== undefined && says === 'affected') return { standing: 'agreed', why: '' }
  if (affected !== undefined && says === 'not-affected') return { standing: 'they say otherwise', why: affected.why }
  if (affected === undefined && clear !== undefined)
    return says === 'affected' ? { standing: 'we say otherwise', why: clear.why } : { standing: 'agreed', why: '' }
  return { standing: 'not judged here', why: any?.why ?? 'the package is here; no record at hand names this' }
}

/** What is said of package versions that no server here has, each once. */
function notOurs(kept: KeptResults, here: ReadonlySet<string>): z.infer<typeof HeldReport>[] {
  const known = new Set([...here].map((key) => key.slice(key.indexOf(':') + 1)))
  const elsewhere = kept.reports.filter(({ ecosystem, name, version }) => {
    const key = versionKey(ecosystem ?? '', name, version)
    return ecosystem === null ? !known.has(key.slice(1)) : !here.has(key)
  })
  const each = new Map(
    elsewhere.map((one) => [`${one.ids[0]} ${versionKey(one.ecosystem ?? '', one.name, one.version)}`, one]),
  )
  return [...each.values()].map((one) => ({
    ids: one.ids,
    ...shown({ ...one, ecosystem: one.ecosystem ?? 'not stated' }),
    says: one.says,
    standing: 'not ours',
    why: '',
  }))
}

function compareComponents(kept: KeptResults, listed: readonly Part[]): HeldResults['components'] {
  const keyed = (parts: readonly { ecosystem: string; name: string; version: string | null }[]) =>
    new Map(
      parts.flatMap(({ ecosystem, name, version }) =>
        version === null ? [] : [[versionKey(ecosystem, name, version), shown({ ecosystem, name, version })] as const],
      ),
    )
  const theirs = keyed(kept.components)
  const ours = keyed(listed)
  const without = (one: typeof ours, other: typeof ours) =>
    [...one].filter(([key]) => !other.has(key)).map(([, part]) => part)
  const onlyTheirs = without(theirs, ours)
  return { both: theirs.size - onlyTheirs.length, onlyTheirs, onlyOurs: without(ours, theirs) }
}
