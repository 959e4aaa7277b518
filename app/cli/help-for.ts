import { UserError } from '@upkeep/contract'
import type { AnyOperation } from '../operations/operation.ts'
import { helpTexts } from './help.ts'

/**
 * The help text of a topic: nothing for the short one, `all`, or a verb.
 *
 * @throws UserError `not-found` for anything else.
 */
export function helpFor(operations: readonly AnyOperation[], topic: string): string {
  const text = new Map(Object.entries(helpTexts(operations))).get(topic)
  if (text !== undefined) return text
  throw new UserError('not-found', `There is no command "${topic.slice(0, 60)}".`, 'List them: "upkeep help all".')
}
