import type { FindingDraft, Seen } from '@upkeep/contract'
import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import { compareSurfaces } from '@upkeep/domain/tool-surface/compare-surfaces'
import { type Introduced, introducedBy } from '@upkeep/domain/tool-surface/introduced'
import type { ListedSurface } from '@upkeep/domain/tool-surface/meaning'
import type { SurfaceChange } from '@upkeep/domain/tool-surface/surface-change'
import type { rules } from './rules.ts'

interface Compared {
  findings: FindingDraft<typeof rules>[]
  unknowns: string[]
  passes: string[]
  notCovered: string[]
}

const statedAtMost = 50
/** What a model reads, or can call, comes first: of many differences the last are not stated. */
const speaking = /^(?:instructions|title|description)-changed$|-(?:added|removed|renamed)$/
/** Kinds of what a change introduces that act on a model or hide from a person. */
const harmless: readonly Introduced['kind'][] = ['url', 'hint-flip', 'widened-schema']

/**
 * What the server lists, against what was approved, by its meaning: another order, another dialect or other bytes are no drift. A list
 * that only showed at a later listing counts as much as the first.
 */
export function compareTools(
  approved: ApprovedServer,
  surface: Seen<'tool-surface'>,
  listing: { at: string; exposure: Seen<'file-exposure'> },
): Compared {
  const nothing = { findings: [], unknowns: [], passes: [], notCovered: [] }
  if (approved.surface === null) {
    return { ...nothing, notCovered: ['tools: they were not seen when the state was approved'] }
  }
  if (surface.state !== 'seen') {
    const isUnknown = surface.state === 'absent' || surface.code !== 'not-consented'
    const what = [`tools: ${surface.reason}`]
    return isUnknown ? { ...nothing, unknowns: what } : { ...nothing, notCovered: what }
  }
  const { facts } = surface
  if (facts.tools === null) return { ...nothing, unknowns: [`tools: ${facts.why}`] }
  const unknowns = facts.truncated ? ['tools: what the server lists was cut before the end'] : []
  const shown = [facts, ...(facts.toolsLater === null ? [] : [{ ...facts, tools: facts.toolsLater }])]
  const changes = distinct(shown.flatMap((one) => changesTo(approved.surface, one)))
  if (changes.length === 0) {
    const passes = unknowns.length > 0 ? [] : [`what it offers to models means what ${approved.approvedBy} approved`]
    return { ...nothing, unknowns, passes }
  }
  const introduced = distinct(shown.flatMap((one) => broughtIn(approved.surface, one)))
  return { ...nothing, unknowns, findings: [stateDrift(approved, changes, introduced, listing)] }
}

function changesTo(was: ApprovedServer['surface'], is: ListedSurface): SurfaceChange[] {
  return was === null ? [] : compareSurfaces(was, is)
}

function broughtIn(was: ApprovedServer['surface'], is: ListedSurface): Introduced[] {
  return was === null ? [] : introducedBy(was, is)
}

function stateDrift(
  approved: ApprovedServer,
  changes: readonly SurfaceChange[],
  introduced: readonly Introduced[],
  { at, exposure }: { at: string; exposure: Seen<'file-exposure'> },
): FindingDraft<typeof rules> {
  const inOrder = changes.toSorted((a, b) => Number(speaking.test(b.kind)) - Number(speaking.test(a.kind)))
  const differences = inOrder.slice(0, statedAtMost).map(({ kind, of, path, was, is }) => ({
    at: [kind, of, path].filter((part) => part !== null && part !== '').join(' '),
    was,
    is,
  }))
  if (changes.length > statedAtMost) {
    differences.push({ at: 'tools', was: `${changes.length - statedAtMost} more`, is: 'differ too' })
  }
  const acts = introduced.find(({ kind }) => !harmless.includes(kind))
  const first = differences[0]
  const more = changes.length > 1 ? `, and ${changes.length - 1} more` : ''
  const brings = acts === undefined ? '' : `; it brings in ${acts.kind} (${acts.where}): "${acts.says}"`
  return {
    rule: 'tools-changed',
    ...(acts === undefined ? {} : { severity: 'critical' as const }),
    facts: {
      differences,
      drift: 'upstream',
      approvedAt: approved.approvedAt,
      approvedBy: approved.approvedBy,
      // Nobody wrote a file: the server says so itself, with the rights of whoever starts it.
      ownerUid: exposure.state === 'seen' ? exposure.facts.uid : null,
      changedAt: at,
      trace: 'the server itself, when it was listed',
      introduced: introduced.slice(0, statedAtMost).map(({ kind, where, says }) => ({ kind, where, says })),
    },
    summary: `${first?.at}: was ${first?.was}, is ${first?.is}${more}${brings}`,
    action: 'Read what changed; if it is right, approve it: upkeep baseline accept. If not, disconnect the server.',
  }
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()]
}
