import { UserError } from '@upkeep/contract'
import { shellWord } from '@upkeep/domain/shell-word'
import type { Captured } from '@upkeep/engine/collect/capture-server'
import type { Context } from './context.ts'
import { runnableNamed } from './servers-named.ts'

/**
 * What a server that a person let be run offers, and what calls of it come to.
 *
 * @throws UserError where it may not be run, or did not answer.
 */
export async function captured(
  context: Context,
  word: string,
  callsFor: Parameters<Context['acts']['capture']>[1],
): Promise<Captured> {
  const [server, ...others] = runnableNamed(word, false, await context.acts.runPlans())
  if (server === undefined || others.length > 0)
    throw new UserError('ambiguous', 'Several servers have that name.', 'Name one by its id: "upkeep servers".')
  context.progress(`running ${server.subject.name} in the sandbox`)
  const found = await context.acts.capture(server, callsFor)
  if (found.state === 'captured') return found
  if (found.code === 'not-consented')
    throw new UserError(
      'not-consented',
      `"${server.subject.name}" may not be run: ${found.reason}.`,
      `It would start: ${server.plan.shown}. If that is right: "upkeep accept ${shellWord(server.subject.name)} --run".`,
    )
  throw new UserError('cannot-run', `It could not be run in the sandbox: ${found.reason}.`, 'See "upkeep doctor".')
}
