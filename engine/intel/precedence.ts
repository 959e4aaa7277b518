import type { KeptAdvisory } from './feed-sink.ts'
import type { Candidate } from './look-up.ts'

/** A vulnerability with everything that was said of it about packages that were asked for. */
export interface Vulnerability {
  names: string[]
  /** Those that count. */
  counted: Candidate[]
  /** Those that a stronger source speaks over: shown beside, not judged by. */
  spokenOver: Candidate[]
}

/** Databases that curate what others publish. */
const curated = /^(?:PYSEC|OSV|GO|RUSTSEC|MAL|DSA|DLA|DEBIAN|ALPINE|UBUNTU|USN|ALSA|RHSA|CGA|BIT)-/

/** How much a record's word weighs: 0 for the CVE record and GitHub's reviewed database, 1 for other databases, 2 for anyone's page. */
export function rankOf(id: string): 0 | 1 | 2 {
  if (id.startsWith('CVE-') || id.startsWith('GHSA-')) return 0
  return curated.test(id) ? 1 : 2
}

/** Gathers records that are about one vulnerability: one names the other, or both name a third. */
export function groupByVulnerability(candidates: readonly Candidate[]): Vulnerability[] {
  const parents = new Map<string, string>()
  const rootOf = (name: string): string => {
    let root = name
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next
    parents.set(name, root)
    return root
  }
  for (const { advisory } of candidates) {
    const own = rootOf(advisory.id)
    for (const alias of advisory.aliases) parents.set(rootOf(alias), own)
  }
  const groups = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const root = rootOf(candidate.advisory.id)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [candidate])
    else group.push(candidate)
  }
  return [...groups.values()].map(weigh)
}

/**
 * Anyone's page counts only for packages of which no stronger record in force speaks: what a page says beside the CVE record is shown, not
 * judged by. What is malicious is never spoken over.
 */
function weigh(group: Candidate[]): Vulnerability {
  const names = [...new Set(group.flatMap(({ advisory }) => [advisory.id, ...advisory.aliases]))]
  const strong = group.filter(({ advisory }) => rankOf(advisory.id) === 0 && advisory.withdrawn === null)
  const covered = new Set(strong.flatMap(({ advisory }) => packagesOf(advisory)))
  const isOver = ({ advisory }: Candidate) =>
    rankOf(advisory.id) === 2 && !advisory.malicious && packagesOf(advisory).every((one) => covered.has(one))
  return { names, counted: group.filter((one) => !isOver(one)), spokenOver: group.filter(isOver) }
}

function packagesOf({ affected }: KeptAdvisory): string[] {
  return affected.map(({ ecosystem, name }) => `${ecosystem}:${name}`)
}
