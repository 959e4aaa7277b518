import { type Assessment, defineDuty, type FindingDraft, need, optional } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import { addedBy, removedBy } from '@upkeep/domain/changes/joined-server'
import type { Layer } from '@upkeep/domain/server-diff/difference'
import { shellWord } from '@upkeep/domain/shell-word'
import { z } from 'zod'
import { authorisedState, type Grounds, withoutMade } from './authorised-state.ts'
import { canClear } from './can-clear.ts'
import { type CurrentServer, compareServer, layersOf } from './compare-server.ts'
import { compareTools } from './compare-tools.ts'
import { rules } from './rules.ts'
import { unjudgedBytes } from './unjudged-bytes.ts'
import { authorOfEntry, authorOfFiles, authorWords } from './who-wrote.ts'

type Drafts = FindingDraft<typeof rules>
const notCovered = ['OAuth metadata and TLS keys', 'listeners, sandbox flags and gateway policy']

export const configurationDriftDetection = defineDuty({
  id: 'configuration-drift-detection',
  version: 3,
  heading: 'Weekly Maintenance',
  title: 'Configuration Drift Detection',
  summary:
    'Compares every server with the state that a person approved: what is started, with what, from which bytes, out of which file.',
  cadence: 'weekly',
  scope: 'server',
  adoptedBy: ['solo', 'team', 'enterprise'],
  needs: {
    approved: need('approved-server'),
    declared: need('declared-server'),
    resolved: need('resolved-package'),
    exposure: optional('file-exposure'),
    changes: optional('changes'),
    traces: optional('installed-traces'),
    surface: optional('tool-surface'),
  },
  params: z.object({}),
  rules,
  assess({ seen, subject, at }) {
    const { approved, declared } = seen
    if (approved.state === 'unavailable' || declared.state === 'unavailable') return empty()
    if (approved.state === 'seen') {
      const removed = declared.state === 'absent' ? takenAway(approved.facts, seen.changes) : null
      if (removed !== null) return { ...empty(), passes: [`it is gone, by ${removed}`] }
      if (declared.state === 'absent') return found([gone(approved.facts, subject.name)])
      const current = { declared: declared.facts, resolved: seen.resolved, exposure: seen.exposure }
      return withTools(
        compared(approved.facts, current, { ...seen, name: subject.name }),
        compareTools(approved.facts, seen.surface, { at, exposure: seen.exposure }),
      )
    }
    if (declared.state === 'absent') return { ...empty(), passes: ['it is gone, as approved'] }
    const added = addedBy(declared.facts, '', madeOf(seen.changes))
    if (added !== null) return { ...empty(), passes: [`it is there by ${added}`], unknowns: notYet(added) }
    return found([notApproved(declared.facts, subject.name, seen.exposure)])
  },
  canClear: (finding, { seen }) => canClear(finding.rule, seen),
})

function empty(): Assessment<typeof rules> {
  return { findings: [], unknowns: [], passes: [], notCovered }
}

function madeOf(changes: Grounds['changes']) {
  return changes.state === 'seen' ? changes.facts.changes : []
}

function takenAway({ declared, approvedAt }: ApprovedServer, changes: Grounds['changes']): string | null {
  return declared === null ? null : removedBy(declared, approvedAt, madeOf(changes))
}

/** What a change declared is approved; what is then installed for it nobody has seen. */
function notYet(added: string): string[] {
  return [`its installed files: nothing of them was approved (${added}); upkeep baseline accept`]
}

function found(findings: readonly Drafts[]): Assessment<typeof rules> {
  return { ...empty(), findings }
}

/** Tools that nobody compared do not take away what was compared. */
function withTools(entry: Assessment<typeof rules>, tools: ReturnType<typeof compareTools>): Assessment<typeof rules> {
  return {
    ...entry,
    findings: [...entry.findings, ...tools.findings],
    unknowns: [...entry.unknowns, ...tools.unknowns],
    passes: [...entry.passes, ...tools.passes],
    notCovered: [...(entry.notCovered ?? []), ...tools.notCovered],
  }
}

function notApproved(
  declared: { path: string; client: string },
  name: string,
  exposure: CurrentServer['exposure'],
): Drafts {
  const author = authorOfEntry(exposure)
  return {
    rule: 'server-not-approved',
    facts: { path: declared.path, client: declared.client, ...author },
    summary: `${name} in ${declared.client} is not part of any approved state${authorWords(author)}`,
    action: 'Look at the entry, then approve it (upkeep baseline accept) or remove it.',
  }
}

function gone(approved: ApprovedServer, name: string): Drafts {
  const path = approved.declared?.path ?? ''
  return {
    rule: 'server-gone',
    facts: { path, approvedAt: approved.approvedAt },
    summary: `${name} was approved on ${approved.approvedAt.slice(0, 10)} and is no longer in ${path}`,
    action: 'If it was removed on purpose, approve that: upkeep baseline accept.',
  }
}

/** What was approved at first, with every change that was approved and made since, is what there should be. */
function compared(
  approved: ApprovedServer,
  current: CurrentServer,
  grounds: Grounds & { name: string },
): Assessment<typeof rules> {
  const { state, made, unknowns } = authorisedState(approved, grounds.changes)
  const findings = layersOf(withoutMade(compareServer(state, current), made)).map((one) =>
    drifted(approved, current, one, grounds),
  )
  const as = `as ${approved.approvedBy} approved them on ${approved.approvedAt.slice(0, 10)}`
  const since = made.map(({ id, title, by }) => `, and as change ${id} left them: ${title} (${by})`).join('')
  return {
    findings,
    unknowns: [...unjudgedBytes(approved, current), ...(findings.length > 0 ? unknowns : [])],
    passes: findings.length === 0 ? [`entry, bytes and permissions are ${as}${since}`] : [],
    notCovered,
  }
}

/** The command that puts back what differs there; what it changes is shown before it is made. */
function puttingBack(layer: Layer, server: string): string {
  const way = { version: ' --restore-packages', bytes: ' --restore-packages', permissions: '' }
  const how = layer in way ? way[layer as keyof typeof way] : ' --restore-config'
  return `upkeep fix ${shellWord(server)}${how}`
}

function drifted(
  approved: ApprovedServer,
  current: CurrentServer,
  { layer, differences }: ReturnType<typeof layersOf>[number],
  { traces, name }: Grounds & { name: string },
): Drafts {
  const first = differences[0]
  const more = differences.length > 1 ? `, and ${differences.length - 1} more` : ''
  const unpinned = current.resolved.state === 'seen' && !current.resolved.facts.pinned
  const inside = layer === 'version' || layer === 'bytes'
  const author = inside ? authorOfFiles(differences, traces) : authorOfEntry(current.exposure)
  return {
    rule: `${layer}-changed`,
    facts: {
      differences: differences.map(({ at, was, is }) => ({ at, was, is })),
      drift: layer === 'version' && unpinned ? 'upstream' : 'unauthorised',
      approvedAt: approved.approvedAt,
      approvedBy: approved.approvedBy,
      ...author,
    },
    summary: `${first?.at}: was ${first?.was}, is ${first?.is}${more}${authorWords(author)}`,
    action: `If this is right, approve it: upkeep baseline accept. If not, put the approved state back: ${puttingBack(layer, name)}`,
  }
}
