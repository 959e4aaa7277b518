import { keepTold, readTold } from '../told.ts'
import type { Context } from './context.ts'

const keptMs = 400 * 86_400_000

/** Whether this is the first time that something is told; from then on it is not. What is older than a year is forgotten. */
export async function onceTold({ stateDir, clock }: Context, key: string): Promise<boolean> {
  const told = readTold(stateDir)
  if (Object.hasOwn(told, key)) return false
  const at = clock.now()
  const since = new Date(Date.parse(at) - keptMs).toISOString()
  const kept = Object.entries(told).filter(([, when]) => when > since)
  await keepTold(stateDir, { ...Object.fromEntries(kept), [key]: at })
  return true
}
