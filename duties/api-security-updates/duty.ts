import { type Assessment, defineDuty, type FindingDraft, need, optional } from '@upkeep/contract'
import { type SheetLine, sheetOf } from '@upkeep/domain/api-security/judge-requirements'
import { z } from 'zod'
import { type Rules, rules } from './rules.ts'

const notCovered = [
  'token pass-through to upstream services: it is seen only where their traffic is',
  'what changed since the month before, as one list: findings open and close by themselves',
]

export const apiSecurityUpdates = defineDuty({
  id: 'api-security-updates',
  version: 1,
  heading: 'MCP Server Maintenance',
  title: 'API Security Updates',
  summary:
    'Holds remote servers to what the specifications ask of their protection, sentence by sentence, in the eras that they speak.',
  cadence: 'monthly',
  scope: 'server',
  adoptedBy: ['team', 'enterprise'],
  needs: {
    declared: need('declared-server'),
    requirements: need('requirement-set'),
    endpoint: optional('endpoint'),
    probes: optional('control-probes'),
    metadata: optional('api-metadata'),
  },
  params: z.object({}),
  rules,
  assess({ seen, subject }): Assessment<Rules> {
    const nothing = { findings: [], unknowns: [], passes: [], notCovered }
    if (seen.declared.state !== 'seen' || seen.requirements.state !== 'seen') return nothing
    const { transport, url } = seen.declared.facts
    if (transport === 'stdio') return { ...nothing, notApplicable: 'it is talked to over stdio: there is no API' }
    const sheet = sheetOf(seen.requirements.facts.requirements, seen)
    return {
      findings: sheet.flatMap((line) => finding(line, subject.name, url ?? '')),
      unknowns: unknownsOf(sheet),
      passes: sheet.filter(({ outcome }) => outcome === 'met').map(inOneLine),
      notCovered: [...notCovered, ...sheet.filter(({ outcome }) => outcome === 'not-applicable').map(inOneLine)],
    }
  },
})

function inOneLine({ requirement, detail }: SheetLine): string {
  return `${requirement.id} (${requirement.level}): ${detail}`
}

/** What could not be seen for one reason is said once. */
function unknownsOf(sheet: readonly SheetLine[]): string[] {
  const open = Map.groupBy(
    sheet.filter(({ outcome }) => outcome === 'undetermined'),
    ({ detail }) => detail,
  )
  return [...open].map(([detail, lines]) => `${lines.map(({ requirement }) => requirement.id).join(', ')}: ${detail}`)
}

function finding({ requirement, outcome, detail }: SheetLine, name: string, url: string): FindingDraft<Rules>[] {
  if (outcome !== 'not-met') return []
  const { id, level, cites, severity, remedy, title } = requirement
  return [
    {
      rule: level === 'MUST' ? 'must-not-met' : 'should-not-met',
      facts: { url, requirement: id, cites, detail },
      summary: `${name}: ${title}: ${detail} (${level}, ${cites})`,
      action: `${remedy}; then run upkeep scan`,
      severity,
    },
  ]
}
