import type { FindingDraft } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { stands, wasBegun } from '@upkeep/domain/changes/over-changes'
import { dayOf } from '@upkeep/domain/distance'
import type { Rules } from './rules.ts'

type Drafts = FindingDraft<Rules>[]
const dayMs = 86_400_000

/** Whether a change has or needs a way back: what was given up before it began, and a rehearsal of an emergency, do not. */
export function needsWayBack({ phase, applyingAt, emergency }: SeenChange): boolean {
  return (phase !== 'closed' || applyingAt !== null) && emergency?.rehearsal !== true
}

/** What is wrong with the way back of one change. */
export function judgeWayBack(change: SeenChange, at: string, maxRehearsalDays: number): Drafts {
  if (!wasBegun(change)) return judgeWaiting(change, at, maxRehearsalDays)
  return [...lost(change), ...unrehearsed(change), ...unweighed(change), ...backIntoVulnerability(change)]
}

function lost({ id, title, kept, paths }: SeenChange): Drafts {
  if (kept !== 'lost') return []
  return [
    {
      rule: 'way-back-lost',
      facts: { change: id, title, paths: [...paths] },
      summary: `"${title}" stands, and what was kept of ${paths.length === 1 ? 'its file' : `its ${paths.length} files`} cannot be read again`,
      action: 'Restore the folders undo/ and keys/ of the state from one backup',
    },
  ]
}

function rehearsalOf({ rehearsed }: SeenChange): 'failed' | 'not-run' | 'never' | null {
  return rehearsed === 'passed' ? null : (rehearsed ?? 'never')
}

const rehearsalWords = {
  failed: 'failed when it was rehearsed',
  'not-run': 'could not be rehearsed',
  never: 'was never rehearsed',
}

/** Of what was taken back the way back was walked, for good or ill: it is judged by what came of it. */
function unrehearsed(change: SeenChange): Drafts {
  const rehearsed = rehearsalOf(change)
  if (rehearsed === null || change.undoingAt !== null || !change.undoable) return []
  const { id, title } = change
  return [
    {
      rule: 'made-without-rehearsal',
      facts: { change: id, title, rehearsed },
      summary: `"${title}" was made, and its way back ${rehearsalWords[rehearsed]}`,
      action: `Take it back (upkeep undo ${id}), and plan it again`,
    },
  ]
}

function judgeWaiting(change: SeenChange, at: string, maxRehearsalDays: number): Drafts {
  const { id, title, tests, testedAt } = change
  const rehearsed = rehearsalOf(change)
  // Before its tests are through it waits for nobody.
  if (tests === null) return []
  if (rehearsed !== null)
    return [
      {
        rule: 'waits-without-rehearsal',
        facts: { change: id, title, rehearsed },
        summary: `"${title}" waits, and its way back ${rehearsalWords[rehearsed]}`,
        action: `Give it up (upkeep changes ${id} --abandon), and plan it again`,
      },
    ]
  if (testedAt == null || Date.parse(at) - Date.parse(testedAt) <= maxRehearsalDays * dayMs) return []
  return [
    {
      rule: 'rehearsal-old',
      facts: { change: id, title, testedAt },
      summary: `"${title}" waits, and its way back was last walked on ${dayOf(testedAt)}`,
      action: `Give it up (upkeep changes ${id} --abandon), and plan it again`,
    },
  ]
}

function unweighed({ id, title, irreversible, risk }: SeenChange): Drafts {
  if (irreversible.length === 0 || risk === 'high') return []
  return [
    {
      rule: 'irreversible-not-weighed',
      facts: { change: id, title, irreversible: [...irreversible], risk },
      summary: `"${title}" was made as of ${risk ?? 'no'} risk, and cannot be taken back whole: ${irreversible[0]}`,
      action: `Read it (upkeep changes ${id} --document), and have a second person look at it`,
    },
  ]
}

function backIntoVulnerability({ id, title, undoingAt, closing }: SeenChange): Drafts {
  const open = closing?.open ?? 0
  if (undoingAt === null || open === 0) return []
  return [
    {
      rule: 'back-into-vulnerability',
      facts: { change: id, title, open, since: undoingAt },
      summary: `"${title}" was taken back on ${dayOf(undoingAt)}; ${open} findings are open again, and nobody accepted them until a day`,
      action: `Accept each until a day (upkeep accept <finding> --until), or go forward: upkeep changes ${id}`,
    },
  ]
}

/** What shows that there is a way back: what stands, what was read, when it was rehearsed, what is named as gone for good. */
export function shownOf(changes: readonly SeenChange[]): string[] {
  const standing = changes.filter(stands)
  const readable = standing.filter(({ kept }) => kept === 'readable').length
  const rehearsed = changes.filter((one) => one.rehearsed === 'passed')
  const oldest = standing.flatMap(({ testedAt }) => (testedAt == null ? [] : [testedAt])).sort()[0]
  const named = standing.filter(({ irreversible }) => irreversible.length > 0).length
  return [
    ...(readable > 0
      ? [`of ${readable} of ${standing.length} changes that stand the bytes to put back were read again`]
      : []),
    ...(rehearsed.length > 0
      ? [
          `the way back of ${rehearsed.length} of ${changes.length} changes was walked on copies${oldest === undefined ? '' : `, of what stands since ${dayOf(oldest)}`}`,
        ]
      : []),
    ...(named > 0 ? [`${named} of ${standing.length} name what cannot be brought back`] : []),
  ]
}

/** Changes that stand and whose bytes nobody read this time. */
export function unreadOf(changes: readonly SeenChange[]): string[] {
  const unread = changes.filter((one) => stands(one) && (one.kept === 'not-looked' || one.kept === undefined)).length
  return unread === 0
    ? []
    : [`whether the files of ${unread} changes can be put back: what was kept of them was not read this time`]
}
