import { type Assessment, defineDuty, type FindingDraft, need, optional } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import { z } from 'zod'
import { canClear } from './can-clear.ts'
import { type CurrentServer, compareServer, layersOf } from './compare-server.ts'
import { compareTools } from './compare-tools.ts'
import { rules } from './rules.ts'
import { unjudgedBytes } from './unjudged-bytes.ts'

type Drafts = FindingDraft<typeof rules>
const notCovered = ['OAuth metadata and TLS keys', 'listeners, sandbox flags and gateway policy']

export const configurationDriftDetection = defineDuty({
  id: 'configuration-drift-detection',
  version: 2,
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
    surface: optional('tool-surface'),
  },
  params: z.object({}),
  rules,
  assess({ seen, subject }) {
    const { approved, declared } = seen
    if (approved.state === 'unavailable' || declared.state === 'unavailable') return empty()
    if (approved.state === 'seen') {
      if (declared.state === 'absent') return found([gone(approved.facts, subject.name)])
      return withTools(
        compared(approved.facts, { declared: declared.facts, resolved: seen.resolved, exposure: seen.exposure }),
        compareTools(approved.facts, seen.surface),
      )
    }
    if (declared.state === 'absent') return { ...empty(), passes: ['it is gone, as approved'] }
    return found([notApproved(declared.facts, subject.name)])
  },
  canClear: (finding, { seen }) => canClear(finding.rule, seen),
})

function empty(): Assessment<typeof rules> {
  return { findings: [], unknowns: [], passes: [], notCovered }
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

function notApproved(declared: { path: string; client: string }, name: string): Drafts {
  return {
    rule: 'server-not-approved',
    facts: { path: declared.path, client: declared.client },
    summary: `${name} in ${declared.client} is not part of any approved state`,
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

function compared(approved: ApprovedServer, current: CurrentServer): Assessment<typeof rules> {
  const differences = compareServer(approved, current)
  const unpinned = current.resolved.state === 'seen' && !current.resolved.facts.pinned
  const findings = layersOf(differences).map(({ layer, differences: ofLayer }): Drafts => {
    const first = ofLayer[0]
    const more = ofLayer.length > 1 ? `, and ${ofLayer.length - 1} more` : ''
    return {
      rule: `${layer}-changed`,
      facts: {
        differences: ofLayer.map(({ at, was, is }) => ({ at, was, is })),
        drift: layer === 'version' && unpinned ? 'upstream' : 'unauthorised',
        approvedAt: approved.approvedAt,
        approvedBy: approved.approvedBy,
        ownerUid: current.exposure.state === 'seen' ? current.exposure.facts.uid : null,
      },
      summary: `${first?.at}: was ${first?.was}, is ${first?.is}${more}`,
      action: 'If this is right, approve it: upkeep baseline accept. If not, put the approved state back.',
    }
  })
  const unknowns = unjudgedBytes(approved, current)
  const passes =
    findings.length === 0
      ? [
          `entry, bytes and permissions are as ${approved.approvedBy} approved them on ${approved.approvedAt.slice(0, 10)}`,
        ]
      : []
  return { findings, unknowns, passes, notCovered }
}
