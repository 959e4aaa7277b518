import { type Observation, type Subject, UserError } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'

/** A server that can be run in the sandbox, with what would be started. */
export interface Runnable {
  subject: Subject
  plan: RunPlan
}

/**
 * The servers that a word names and that can be run in the sandbox.
 *
 * @throws UserError when there is none, and when there are several and not all are meant.
 */
export function runnableNamed(word: string, all: boolean, plans: readonly Observation<'run-plan'>[]): Runnable[] {
  const named = plans.filter(({ subject }) => subject.name === word || subject.id === word)
  if (named.length === 0)
    throw new UserError('not-found', 'No server of that name was seen.', 'List them: "upkeep servers".')
  const runnable = named.flatMap((one) => (one.state === 'seen' ? [{ subject: one.subject, plan: one.facts }] : []))
  if (runnable.length === 0) {
    const [reason = ''] = named.map((one) => (one.state === 'seen' ? '' : one.reason))
    throw new UserError(
      'cannot-run',
      `It cannot be run in the sandbox: ${reason}.`,
      'Start its client once, so that it is installed; or pin its version, where none is. Then ask again.',
    )
  }
  if (runnable.length === 1 || all) return runnable
  const ids = runnable.slice(0, 10).map(({ subject }) => subject.id)
  throw new UserError(
    'ambiguous',
    `${runnable.length} servers have that name: ${ids.join(', ')}.`,
    'Name one by its id, or all of them with --all.',
  )
}
