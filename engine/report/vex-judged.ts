import type { Facts } from '@upkeep/contract/observation'
import { type AdvisedPackage, advisedPackage } from '@upkeep/domain/advised-package'
import { packageKey } from '@upkeep/domain/purl'
import { hasFix, judgeVersion } from '@upkeep/domain/versions/judge-version'
import { knownEcosystem } from '@upkeep/domain/versions/version-order'
import type { ServerParts } from './fleet-parts.ts'
import { urlOf, type VexStatement } from './vex-statement.ts'

type Advisory = Facts<'advisories'>['records'][number]

/** Every advisory in force about a package that a server has, judged for the version that it has. */
export function judgedPairs(servers: readonly ServerParts[], advisories: Facts<'advisories'> | null): VexStatement[] {
  const about = byPackage(advisories?.records ?? [])
  return servers.flatMap((server) => [
    ...partsOf(server).flatMap((part) =>
      (about.get(packageKey(part.ecosystem, part.name)) ?? []).flatMap((record) => judged(server, part, record)),
    ),
    ...bundledIn(server).flatMap((part) =>
      (about.get(packageKey(part.ecosystem, part.name)) ?? []).flatMap((record) => recognised(server, part, record)),
    ),
  ])
}

function byPackage(records: readonly Advisory[]): Map<string, Advisory[]> {
  const index = new Map<string, Advisory[]>()
  for (const record of records.filter((one) => one.withdrawn === null)) {
    for (const key of new Set(record.affected.map((one) => packageKey(one.ecosystem, one.name)))) {
      index.set(key, [...(index.get(key) ?? []), record])
    }
  }
  return index
}

/** The packages of the copy that would start; where that is not known, of every copy. Of a distribution its source packages. */
function partsOf({ resolved }: ServerParts): readonly AdvisedPackage[] {
  if (resolved?.state !== 'seen') return []
  const { installed, wouldRun } = resolved.facts
  const chosen = wouldRun === null ? undefined : installed[wouldRun]
  const parts = (chosen === undefined ? installed : [chosen]).flatMap((copy) =>
    copy.components.flatMap((component) => advisedPackage(component, copy) ?? []),
  )
  return [...new Map(parts.map((part) => [`${packageKey(part.ecosystem, part.name)}@${part.version}`, part])).values()]
}

type Bundled = Facts<'bundled-code'>['components'][number]

function bundledIn({ bundled }: ServerParts): readonly Bundled[] {
  return bundled?.state === 'seen' ? bundled.facts.components : []
}

/** Code that is only recognised inside a bundle: clear where every version that it can be is, else under investigation. */
function recognised({ subject }: ServerParts, part: Bundled, record: Advisory): VexStatement[] {
  const { name, versions, evidence } = part
  const ecosystem = knownEcosystem(part.ecosystem)
  if (ecosystem === null) return []
  const key = packageKey(ecosystem, name)
  const affected = record.affected.filter((one) => packageKey(one.ecosystem, one.name) === key)
  const states = versions.map((version) => judgeVersion(ecosystem, version, affected).state)
  const isClear = states.length > 0 && states.every((state) => state === 'clear')
  const [only] = versions
  const version = versions.length === 1 && only !== undefined ? only : 'not known'
  const can = versions.length === 0 ? 'it is no published version' : `it can be ${versions.slice(0, 10).join(', ')}`
  const { id, aliases, summary, references, severity, feed } = record
  return [
    {
      vulnerability: { id, aliases, says: summary, references, severity, feed },
      ecosystem,
      name,
      version,
      purl: versions.length === 1 ? urlOf(ecosystem, name, version) : null,
      servers: [subject],
      status: isClear ? clearStatus(ecosystem, versions, affected) : 'under-investigation',
      why: `recognised inside ${evidence.file}; ${can}`,
      action: '',
      fixed: false,
      acceptance: null,
    },
  ]
}

/** Clear by its version: with the fix, or for another reason. */
function clearStatus(
  ecosystem: AdvisedPackage['ecosystem'],
  versions: readonly string[],
  affected: Advisory['affected'],
): VexStatement['status'] {
  return versions.every((one) => hasFix(ecosystem, one, affected)) ? 'fixed' : 'not-affected'
}

function judged(
  { subject }: ServerParts,
  { ecosystem, name, version }: AdvisedPackage,
  record: Advisory,
): VexStatement[] {
  if (version === null) return []
  const key = packageKey(ecosystem, name)
  const affected = record.affected.filter((one) => packageKey(one.ecosystem, one.name) === key)
  const { state, why } = judgeVersion(ecosystem, version, affected)
  const { id, aliases, summary, references, severity, feed } = record
  return [
    {
      vulnerability: { id, aliases, says: summary, references, severity, feed },
      ecosystem,
      name,
      version,
      purl: urlOf(ecosystem, name, version),
      servers: [subject],
      status: state === 'clear' ? clearStatus(ecosystem, [version], affected) : 'under-investigation',
      why: state === 'affected' ? `${why}; no run has stated it yet: scan again` : why,
      action: '',
      fixed: false,
      acceptance: null,
    },
  ]
}
