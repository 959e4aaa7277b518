import { packageKey } from '@upkeep/domain/purl'
import { distributionOf, knownDistribution } from '@upkeep/domain/versions/distribution'
import type { KeptAdvisory } from './feed-sink.ts'

/** An advisory as its index holds it: texts only, so that making them can be left to another thread. */
export interface AdvisoryRow {
  body: string
  /** What it says of each package, under the package's key. */
  keyed: (readonly [key: string, affected: string])[]
  /** Each ecosystem that it is about, and beside a release of a distribution the distribution. */
  ecosystems: string[]
}

/** Makes the texts that an index holds of an advisory. */
export function advisoryRow(advisory: KeptAdvisory): AdvisoryRow {
  const { id, aliases, gathers, summary, severity, modified, withdrawn, malicious, affected, references } = advisory
  // Named one by one: leaving one out of a copy costs as much as writing all of them.
  const body = JSON.stringify({ id, aliases, gathers, summary, severity, modified, withdrawn, malicious, references })
  return {
    body,
    keyed: byKey(affected).map(([key, entries]) => [key, JSON.stringify(entries)] as const),
    ecosystems: ecosystemsOf(affected),
  }
}

function byKey(affected: KeptAdvisory['affected']): [string, KeptAdvisory['affected']][] {
  const [only] = affected
  if (only !== undefined && affected.length === 1) return [[packageKey(only.ecosystem, only.name), affected]]
  const keys = new Map<string, KeptAdvisory['affected']>()
  for (const entry of affected) {
    const key = packageKey(entry.ecosystem, entry.name)
    const known = keys.get(key)
    if (known === undefined) keys.set(key, [entry])
    else known.push(entry)
  }
  return [...keys]
}

/** By the distribution beside a release of it is told how much of it there is. */
function ecosystemsOf(affected: KeptAdvisory['affected']): string[] {
  const names = new Set<string>()
  for (const { ecosystem } of affected) {
    names.add(ecosystem)
    if (knownDistribution(ecosystem) !== null) names.add(distributionOf(ecosystem))
  }
  return [...names]
}
