import { DesiredStateFile } from '@upkeep/contract/desired-state-file'
import type { LockedServer } from '@upkeep/contract/lock-file'
import type { Context } from '../operations/context.ts'

/** The state that other machines shall pull, to be signed by hand. Its serial is the time, so that a later edition is always higher. */
export function stateToPublish(
  { clock, upkeepFile }: Pick<Context, 'clock' | 'upkeepFile'>,
  servers: readonly LockedServer[],
  validUntil: string,
): string {
  const serial = Math.floor(Date.parse(clock.now()) / 1_000)
  const { modes } = upkeepFile
  const state = DesiredStateFile.parse({ format: 'upkeep-desired-state/1', serial, validUntil, modes, servers })
  return `${JSON.stringify(state, null, 2)}\n`
}
