import { spawnSync } from 'node:child_process'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { printable } from '@upkeep/domain/printable'
import type { TrialHands } from './try-plan.ts'

const timeoutMs = 60_000

/** Has the launcher build the very walls that the client's next start builds, with nothing in them; null where they stand, or there are none. */
export function wallsFault(
  { ports, signal }: Pick<TrialHands, 'ports' | 'signal'>,
  { confined }: Pick<RunPlan, 'confined'>,
): string | null {
  if (confined === undefined) return null
  signal.throwIfAborted()
  const [program = '', ...own] = ports.places.ownProgram()
  const words = [...own, 'run-confined', '--try', '--profile', confined.profile, '--sealed', confined.sealed]
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', timeout: timeoutMs })
  return status === 0 ? null : printable(stderr.trim(), { maxLength: 500 })
}
