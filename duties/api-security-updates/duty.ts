import { type Assessment, defineDuty, type FindingDraft, need, optional } from '@upkeep/contract'
import { clockState } from '@upkeep/domain/api-security/clock-words'
import { type SheetLine, sheetOf } from '@upkeep/domain/api-security/judge-requirements'
import { z } from 'zod'
import { type Rules, rules } from './rules.ts'

export const apiSecurityUpdates = defineDuty({
  id: 'api-security-updates',
  version: 2,
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
    surface: optional('tool-surface'),
  },
  params: z.object({}),
  rules,
  assess({ seen, subject, at }): Assessment<Rules> {
    const nothing = { findings: [], unknowns: [], passes: [], notCovered: [] }
    if (seen.declared.state !== 'seen' || seen.requirements.state !== 'seen') return nothing
    const { transport, url } = seen.declared.facts
    if (transport === 'stdio') return { ...nothing, notApplicable: 'it is talked to over stdio: there is no API' }
    const sheet = sheetOf(seen.requirements.facts.requirements, seen)
    return {
      findings: sheet.flatMap((line) => finding(line, { name: subject.name, url: url ?? '', at })),
      unknowns: unknownsOf(sheet),
      passes: sheet.filter(({ outcome }) => outcome === 'met').map(inOneLine),
      notCovered: [
        ...sheet.filter(({ outcome }) => outcome === 'not-applicable').map(inOneLine),
        ...seen.requirements.facts.notSeen.map((clock) => `whether it asks for ${clockState(clock, at).words}`),
      ],
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

function finding(line: SheetLine, about: { name: string; url: string; at: string }): FindingDraft<Rules>[] {
  const { requirement, outcome, detail } = line
  if (outcome !== 'not-met') return []
  const { id, level, cites, remedy, title } = requirement
  const { name, url, at } = about
  const clock = line.clockRuns === true && requirement.clock !== undefined ? requirement.clock : null
  const state = clock && clockState(clock, at)
  return [
    {
      rule: level === 'MUST' ? 'must-not-met' : 'should-not-met',
      facts: { url, requirement: id, cites, detail, ...(clock === null ? {} : { removableFrom: clock.removableFrom }) },
      summary: `${name}: ${title}: ${detail}${state === null ? '' : `; ${state.words}`} (${level}, ${cites})`,
      action: `${remedy}; then run upkeep scan`,
      // What may be gone soon is not to wait for the next update.
      severity: state?.near && requirement.severity === 'low' ? 'medium' : requirement.severity,
    },
  ]
}
