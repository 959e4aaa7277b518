import type { ChangeInput } from '@upkeep/contract/change'
import type { Finding } from '@upkeep/contract/finding'
import type { Instant } from '@upkeep/contract/time'
import type { ChangeState } from './change-state.ts'

/**
 * What each kind of change is bound to bring about on its own entry while it is being made and looked at: differences from the approved and from
 * the desired state, in the parts that it writes. That a server does not start, answers whom it should not, or has a hole is nothing that
 * a change is expected to cause, whatever it is about; only one that is switched off may be gone.
 */
const expected: Record<ChangeInput['kind'], readonly string[]> = {
  'set-server-version': [
    ...['start-changed', 'version-changed', 'bytes-changed', 'tools-changed', 'entry-differs', 'installed-differs'],
  ],
  'set-server-args': ['start-changed', 'tools-changed', 'entry-differs'],
  'move-secret': ['start-changed', 'environment-changed', 'entry-differs'],
  'confine-server': ['start-changed', 'entry-differs'],
  'rotate-credential': ['start-changed', 'environment-changed', 'settings-changed', 'entry-differs'],
  'cut-off-integration': ['start-changed', 'environment-changed', 'settings-changed', 'server-gone', 'entry-differs'],
  'set-image-digest': ['start-changed', 'version-changed', 'bytes-changed', 'tools-changed', 'entry-differs'],
  'restore-package-tree': ['version-changed', 'bytes-changed', 'tools-changed', 'installed-differs'],
  'restore-client-config': [
    ...[
      'start-changed',
      'environment-changed',
      'consent-changed',
      'settings-changed',
      'version-changed',
      'bytes-changed',
    ],
    ...['tools-changed', 'server-gone', 'server-not-approved', 'server-not-desired', 'entry-differs'],
  ],
  'disable-server': ['start-changed', 'settings-changed', 'server-gone', 'entry-differs'],
  'deny-server': ['settings-changed', 'entry-differs'],
  'remove-server': ['server-gone', 'entry-differs'],
  'add-server': ['server-not-approved', 'server-not-desired'],
  'set-client-permission': ['consent-changed', 'settings-changed', 'entry-differs'],
  'set-file-mode': ['permissions-changed', 'mode-differs'],
  // It is about no entry of a client.
  'set-calendar': [],
}

/** How long after its end a change may still be seen at work: the next round after it looks again. */
const settleMs = 15 * 60_000
/** How long a change may take that did not record it. */
const budgetMs = 30 * 60_000

/**
 * The change that is expected to cause a finding: it is under way, or was a quarter of an hour ago, the finding came up since it was begun, and it is
 * one of those that such a change brings about on the very entry that it is about. Null: it is an alarm. When the time of the change is
 * over, what it left open is one too.
 */
export function expectedBy(
  { at, statement: { rule, subject } }: Pick<Finding, 'at' | 'statement'>,
  changes: readonly ChangeState[],
  now: Instant,
): ChangeState | null {
  const causing = changes.find((change) => {
    const time = underWay(change)
    if (time === null || at < time.from || now >= time.until) return false
    return change.plan.inputs.some((input) => expected[input.kind].includes(rule) && isAbout(input, subject.id))
  })
  return causing ?? null
}

/** From the first write until it is seen to be at its end, and a little longer; null where it was never begun. */
function underWay({ steps, decision }: ChangeState): { from: Instant; until: Instant } | null {
  const from = steps.findLast(({ is }) => is === 'applying')?.at
  if (from === undefined) return null
  const closed = steps.findLast(({ is }) => is === 'closed')?.at
  const isOver = closed !== undefined && closed >= from
  const end = isOver ? closed : (decision?.until ?? later(from, budgetMs))
  return { from, until: later(end, settleMs) }
}

/** Whether a subject is the entry, or the file, that an input is about. */
function isAbout(input: ChangeInput, subject: string): boolean {
  if (subject === `file:${input.path}`) return true
  const entry = /^server:[^:]{0,100}:(.*)$/s.exec(subject)?.[1] ?? ''
  return 'server' in input ? entry === `${input.path}#${input.server}` : entry.startsWith(`${input.path}#`)
}

function later(moment: Instant, byMs: number): Instant {
  return new Date(Date.parse(moment) + byMs).toISOString()
}
