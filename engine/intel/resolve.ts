import { Severity } from '@upkeep/contract'
import { knownDistribution } from '@upkeep/domain/versions/distribution'
import { z } from 'zod'
import { allSaid, conflictsIn, type Said } from './conflicts.ts'
import { exploitationFrom } from './exploitation.ts'
import type { Advisory } from './feed-sink.ts'
import type { Candidate, OpenFeed } from './look-up.ts'
import { groupByVulnerability, rankOf, type Vulnerability } from './precedence.ts'

const Kept = z.object({
  record: z.string(),
  severity: z.union([Severity, z.literal('unknown')]),
  fixed: z.array(z.string()),
  summary: z.string(),
})

/** The advisories that count, each with what other feeds add: use by attackers, and where sources differ. */
export function resolveCandidates(candidates: readonly Candidate[], feeds: readonly OpenFeed[]): Advisory[] {
  const exploitation = exploitationFrom(feeds)
  const statements = statementsFrom(feeds)
  return groupByVulnerability(candidates)
    .flatMap((vulnerability) => {
      const said = allSaid(vulnerability, vulnerability.names.flatMap(statements))
      const shared = { exploitation: exploitation(vulnerability.names), conflicts: conflictsIn(said) }
      const names = vulnerability.spokenOver.map(({ advisory }) => advisory.id)
      return vulnerability.counted.map((candidate) => ({ ...told(candidate, said, names), ...shared }))
    })
    .sort((a, b) => (a.id === b.id ? (a.feed < b.feed ? -1 : 1) : a.id < b.id ? -1 : 1))
}

type Told = Omit<Advisory, 'exploitation' | 'conflicts'>

/**
 * The CVE record's words and severity stand wherever it speaks, then those of GitHub's reviewed database; what others say is shown beside
 * them. What is malicious is told in its own record's words, and how bad it is in a distribution's build the distribution says.
 */
function told({ advisory, feed }: Candidate, said: readonly Said[], spokenOver: readonly string[]): Told {
  const aliases = [...new Set([...advisory.aliases, ...spokenOver])]
  const own = { ...advisory, aliases, feed }
  const [strongest] = said
  if (advisory.malicious || strongest === undefined || rankOf(strongest.record) !== 0) return own
  const severities = isOfDistribution(advisory)
    ? [advisory.severity, strongest.severity]
    : [strongest.severity, advisory.severity]
  return {
    ...own,
    summary: strongest.summary || advisory.summary,
    severity: severities.find((one) => one !== 'unknown') ?? 'unknown',
  }
}

function isOfDistribution({ affected }: Candidate['advisory']): boolean {
  return affected.every(({ ecosystem }) => knownDistribution(ecosystem) !== null)
}

function statementsFrom(feeds: readonly OpenFeed[]): (name: Vulnerability['names'][number]) => Said[] {
  const finds = feeds.map(({ feed, database }) => {
    const find = database.prepare('select distinct body from statement where name = ? limit 20')
    return (name: string): Said[] =>
      find.all(name).map((row) => ({
        ...Kept.parse(JSON.parse(String(row.body))),
        source: feed.id,
        modified: feed.newest ?? '',
      }))
  })
  return (name) => finds.flatMap((find) => find(name))
}
