import { type Baseline, type Observation, type Signer, type Subject, UserError } from '@upkeep/contract'
import { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { newId } from '../kernel/ids.ts'
import { about, indexObservations, type ObservationIndex, ofKind } from '../kernel/observation-index.ts'

/** What a person approves, and who they are. */
export interface AcceptBaseline {
  observations: readonly Observation[]
  /** Which servers; all that were seen when empty. */
  subjects: readonly Subject[]
  reason: string
  at: string
  signer: Signer
}

/**
 * Makes the approved state out of what was last seen. A server that was approved once and is gone now is approved as gone (`approved` is
 * null). Returns the baseline and the objects it names, to be stored and sealed together.
 *
 * @throws UserError `not-found` when nothing was seen that could be approved.
 */
export function acceptBaseline(input: AcceptBaseline): { baseline: Baseline; objects: string[] } {
  const index = indexObservations(input.observations)
  const subjects = input.subjects.length > 0 ? [...input.subjects] : seenServers(index)
  if (subjects.length === 0)
    throw new UserError('not-found', 'No server was seen that could be approved.', 'Run "upkeep scan" first.')
  const id = newId(input.at)
  const objects: string[] = []
  const servers = subjects.map((subject) => {
    const approved = approvedFacts(index, subject, { ...input, id })
    if (approved === null) return { subject, approved: null }
    objects.push(canonicalJson(approved))
    return { subject, approved: digestOf(approved) }
  })
  return { baseline: { id, at: input.at, reason: input.reason, servers, signer: input.signer }, objects }
}

function seenServers(index: ObservationIndex): Subject[] {
  const declared = ofKind(index, 'declared-server').filter((observation) => observation.state === 'seen')
  const approved = ofKind(index, 'approved-server').filter((observation) => observation.state === 'seen')
  const subjects = new Map(
    [...declared, ...approved].map((observation) => [observation.subject.id, observation.subject]),
  )
  return [...subjects.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function approvedFacts(
  index: ObservationIndex,
  subject: Subject,
  input: AcceptBaseline & { id: string },
): ApprovedServer | null {
  const declared = about(index, 'declared-server', subject.id)
  if (declared?.state !== 'seen') return null
  const resolved = about(index, 'resolved-package', subject.id)
  const exposure = about(index, 'file-exposure', `file:${declared.facts.path}`)
  const surface = about(index, 'tool-surface', subject.id)
  return ApprovedServer.parse({
    baseline: input.id,
    approvedAt: input.at,
    approvedBy: input.signer.person,
    reason: input.reason,
    declared: declared.facts,
    resolved: resolved?.state === 'seen' ? resolved.facts : null,
    exposure: exposure?.state === 'seen' ? permissions(exposure.facts) : null,
    surface: (surface?.state === 'seen' ? listed(surface.facts) : null) ?? surfaceOfBefore(index, subject),
  })
}

/** What nobody listed this time stays as it was approved: an approval of the rest says nothing of it. */
function surfaceOfBefore(index: ObservationIndex, subject: Subject): ApprovedServer['surface'] {
  const before = about(index, 'approved-server', subject.id)
  return before?.state === 'seen' ? before.facts.surface : null
}

/** A surface of which something is missing would let the missing part be approved unseen. */
function listed({
  instructions,
  tools,
  prompts,
  resources,
  templates,
  truncated,
}: ToolSurface): ApprovedServer['surface'] {
  return tools === null || truncated ? null : { instructions, tools, prompts, resources, templates }
}

function permissions(facts: { mode: string; uid: number; gid: number; realPath: string }): ApprovedServer['exposure'] {
  return { mode: facts.mode, uid: facts.uid, gid: facts.gid, realPath: facts.realPath }
}
