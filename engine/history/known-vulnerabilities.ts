import type { Finding } from '@upkeep/contract'
import type { FleetHistory } from '@upkeep/contract/observations/fleet-history'
import { z } from 'zod'

type Known = FleetHistory['known'][number]

/** Facts by which a finding says of which package and vulnerability it is: one, or a sheet of them with the day each was first known. */
const AboutOne = z.object({ package: z.string(), ecosystem: z.string(), advisory: z.string() })
const AboutMany = z.object({
  package: z.string(),
  ecosystem: z.string(),
  sheet: z.array(z.object({ advisory: z.string(), knownSince: z.string().nullable() })),
})

/** The vulnerabilities that stand open, each with the day on which it was first known here: the earliest that any open finding gives. */
export function knownVulnerabilities(findings: readonly Finding[]): Known[] {
  const earliest = new Map<string, Known>()
  for (const finding of findings) {
    if (finding.state === 'resolved') continue
    for (const one of knownBy(finding)) {
      const key = [one.server, one.ecosystem, one.package, one.advisory].join('\n')
      const before = earliest.get(key)
      if (before === undefined || one.since < before.since) earliest.set(key, one)
    }
  }
  return [...earliest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

function knownBy({ statement, firstSeenAt }: Finding): Known[] {
  const server = statement.subject.id
  const one = AboutOne.safeParse(statement.facts)
  if (one.success) return [{ server, ...one.data, since: firstSeenAt }]
  const many = AboutMany.safeParse(statement.facts)
  if (!many.success) return []
  const { sheet, ...about } = many.data
  return sheet.flatMap(({ advisory, knownSince }) =>
    knownSince === null ? [] : [{ server, ...about, advisory, since: knownSince }],
  )
}
