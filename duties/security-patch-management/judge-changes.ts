import type { FindingDraft } from '@upkeep/contract'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import { stands } from '@upkeep/domain/changes/over-changes'
import { dayOf } from '@upkeep/domain/distance'
import type { Rules } from './rules.ts'

type Drafts = FindingDraft<Rules>[]
const dayMs = 86_400_000

/** A change that sets a server to another version. */
export function isPatch({ kinds }: SeenChange): boolean {
  return kinds.includes('set-server-version')
}

/** What is wrong with one such change; `newer` are those that were proposed after it. */
export function judgeChange(change: SeenChange, newer: readonly SeenChange[], at: string, waitDays: number): Drafts {
  return [
    ...(stands(change) && !isReplaced(change, newer) ? [...untested(change), ...unnamed(change)] : []),
    ...unseen(change, at, waitDays),
    ...notAgain(change, newer, at, waitDays),
  ]
}

/** A later change of the same entries stands in its place: what it left is no longer there. */
function isReplaced(change: SeenChange, newer: readonly SeenChange[]): boolean {
  const entries = entriesOf(change)
  const later = new Set(newer.filter(stands).flatMap(entriesOf))
  return entries.length > 0 && entries.every((entry) => later.has(entry))
}

function entriesOf({ inputs }: SeenChange): string[] {
  return inputs.flatMap((input) =>
    input.kind === 'set-server-version' || input.kind === 'remove-server' || input.kind === 'disable-server'
      ? [JSON.stringify([input.path, input.server, input.project ?? null])]
      : [],
  )
}

/** Which tests a new version takes in any case: that its bytes are those, that it starts, and what it offers. */
const essential = /: (?:exact bytes|starts|surface)$/

function untested({ id, title, tests }: SeenChange): Drafts {
  const failed = tests?.failed ?? []
  const notRun = (tests?.notRun ?? []).filter((name) => essential.test(name))
  if (tests !== null && failed.length === 0 && notRun.length === 0) return []
  const what = failed.length > 0 ? `${failed.join(', ')} failed` : `${notRun.join(', ') || 'no test'} was not run`
  return [
    {
      rule: 'made-untested',
      facts: { change: id, title, failed, notRun },
      ...(failed.length > 0 ? { severity: 'high' as const } : {}),
      summary: `"${title}" is in force, and ${tests === null ? 'no test was run' : what}`,
      action: `Try what it put in force (upkeep prove), or take it back: upkeep undo ${id}`,
    },
  ]
}

function unnamed({ id, title, inputs }: SeenChange): Drafts {
  const packages = inputs.flatMap((input) =>
    input.kind === 'set-server-version' && input.integrity === undefined ? [`${input.package} ${input.to}`] : [],
  )
  if (packages.length === 0) return []
  return [
    {
      rule: 'bytes-not-named',
      facts: { change: id, title, packages },
      summary: `"${title}" is in force, and no digest says which bytes of ${packages.join(', ')} were meant`,
      action: `Take it back (upkeep undo ${id}), then make it again with --online`,
    },
  ]
}

/** Closed is what was seen to be closed: neither the writing of a file nor the end of a change says so. */
function unseen(change: SeenChange, at: string, days: number): Drafts {
  const { id, title, appliedAt, phase, closes, closed } = change
  const { open, notKnown } = change.closing ?? { open: 0, notKnown: closes }
  const pending = phase === 'applied' ? change.pending : []
  if (appliedAt === null || !stands(change) || Date.parse(at) - Date.parse(appliedAt) <= days * dayMs) return []
  // Seen to be closed once, what is open again is another vulnerability: the patch of that is due by itself.
  const isOpen = closed < closes && open + notKnown > 0
  if (!isOpen && pending.length === 0) return []
  const why =
    pending[0] ?? (open > 0 ? `${open} findings that it should close are open` : `of ${notKnown} nobody knows`)
  return [
    {
      rule: 'fix-not-seen',
      facts: { change: id, title, open, notKnown, pending },
      summary: `"${title}" was made on ${dayOf(appliedAt)}, and is not seen to have fixed it: ${why}`,
      action: phase === 'applied' ? `Go on with it: upkeep fix --change ${id}` : 'Look again: upkeep scan',
    },
  ]
}

function notAgain(
  { id, title, undoingAt, closing, inputs }: SeenChange,
  newer: readonly SeenChange[],
  at: string,
  days: number,
): Drafts {
  const open = closing?.open ?? 0
  if (undoingAt === null || open === 0) return []
  if (Date.parse(at) - Date.parse(undoingAt) <= days * dayMs) return []
  const servers = new Set(inputs.flatMap((input) => ('server' in input ? [`${input.path} ${input.server}`] : [])))
  const isTriedAgain = newer.some(
    (one) =>
      one.outcome !== 'abandoned' &&
      one.inputs.some((input) => 'server' in input && servers.has(`${input.path} ${input.server}`)),
  )
  if (isTriedAgain) return []
  return [
    {
      rule: 'not-tried-again',
      facts: { change: id, title, open, since: undoingAt },
      summary: `"${title}" was taken back on ${dayOf(undoingAt)}; ${open} findings are open again, and nothing was tried since`,
      action: `See why: upkeep changes ${id}. Then try another version, mitigate, or accept it until a day`,
    },
  ]
}
