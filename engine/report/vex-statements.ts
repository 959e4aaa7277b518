import type { Acceptance, Finding } from '@upkeep/contract/finding'
import { z } from 'zod'
import type { ServerParts } from './fleet-parts.ts'
import { judgedPairs } from './vex-judged.ts'
import { byCve, urlOf, type VexStatement } from './vex-statement.ts'

/** The facts of a finding that rests on an advisory, whichever duty stated it. */
export const AdvisoryFacts = z.object({
  advisory: z.string(),
  aliases: z.array(z.string()),
  says: z.string().default(''),
  references: z.array(z.string()).default([]),
  feed: z.string().default(''),
  package: z.string(),
  ecosystem: z.string(),
  version: z.string(),
  severityStated: z.boolean().default(true),
  /** False where another scanner reports it and no record at hand could judge it. */
  judged: z.boolean().default(true),
  fixedIn: z.array(z.string()).default([]),
  proposed: z.string().nullable().default(null),
  found: z.array(z.object({ version: z.string(), path: z.string().nullable() })).default([]),
})
export type AdvisoryFacts = z.infer<typeof AdvisoryFacts>

/** A finding with the acceptance that is in force. */
export interface Standing {
  finding: Finding
  acceptance: Acceptance | null
}

/**
 * What is stated of every advisory about a package that the servers have: affected where a finding is open, whether someone accepted it or
 * not; not affected where its version lies outside; else under investigation. Sorted, each statement once.
 */
export function vexStatements(
  servers: readonly ServerParts[],
  advisories: Parameters<typeof judgedPairs>[1],
  standing: readonly Standing[],
): VexStatement[] {
  const ids = new Set(servers.map((one) => one.subject.id))
  const open = standing.filter(
    ({ finding: { state, statement } }) => state !== 'resolved' && ids.has(statement.subject.id),
  )
  const found = open.flatMap(statedBy)
  const told = new Set(found.flatMap(namesOf))
  const judged = judgedPairs(servers, advisories).filter((one) => !namesOf(one).some((name) => told.has(name)))
  return joined([...found, ...judged].map((one) => ({ ...one, vulnerability: byCve(one.vulnerability) })))
}

function statedBy({ finding, acceptance }: Standing): VexStatement[] {
  const facts = AdvisoryFacts.safeParse(finding.statement.facts)
  if (!facts.success) return []
  const { advisory, aliases, says, references, feed, ecosystem, fixedIn, proposed, severityStated } = facts.data
  const { subject, severity, summary, action } = finding.statement
  const versions = [...new Set([facts.data.version, ...facts.data.found.map((one) => one.version)])]
  const vulnerability = {
    id: advisory,
    aliases,
    says,
    references,
    severity: severityStated ? severity : 'unknown',
    feed,
  }
  return versions.map((version) => ({
    vulnerability: { ...vulnerability, severity: severityStated ? severity : 'unknown' },
    ecosystem,
    name: facts.data.package,
    version,
    purl: urlOf(ecosystem, facts.data.package, version),
    servers: [subject],
    status: facts.data.judged ? 'affected' : 'under-investigation',
    why: summary,
    action,
    fixed: proposed !== null || fixedIn.length > 0,
    acceptance,
  }))
}

/** Every name under which this vulnerability may be stated of this package on this server. */
function namesOf({ vulnerability, name, servers }: VexStatement): string[] {
  const ids = [vulnerability.id, ...vulnerability.aliases]
  return servers.flatMap((server) => ids.map((id) => `${server.id}\n${name}\n${id}`))
}

function joined(statements: readonly VexStatement[]): VexStatement[] {
  const byKey = new Map<string, VexStatement>()
  for (const one of statements) {
    const key = [
      one.vulnerability.id,
      one.ecosystem,
      one.name,
      one.version,
      one.status,
      one.acceptance?.id ?? '',
      one.action,
    ]
    const text = JSON.stringify(key)
    const known = byKey.get(text)
    if (known === undefined) byKey.set(text, { ...one, servers: [...one.servers] })
    else known.servers.push(...one.servers.filter((server) => !known.servers.some((other) => other.id === server.id)))
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}
