import type { SuiteResult, TriedTuning } from '@upkeep/contract/observations/control-costs'

/** Whether a tuning may be proposed: only where the whole negative suite holds with it. */
export type TuningVerdict =
  | { state: 'keeps'; probes: number }
  | { state: 'refused'; probe: string; detail: string }
  | { state: 'not-shown'; why: string }

/**
 * Holds a tuning against the negative suite. One probe that no longer holds refuses it, whatever it gains; a suite that leaves out a probe, or
 * could not make one, shows nothing.
 */
export function judgeTuning({
  suiteWithout,
  suiteWith,
}: Pick<TriedTuning, 'suiteWithout' | 'suiteWith'>): TuningVerdict {
  const broken = suiteWith.find(({ outcome }) => outcome === 'broken')
  if (broken !== undefined) return { state: 'refused', probe: broken.probe, detail: broken.detail }
  const held = suiteWith.filter(({ outcome }) => outcome === 'held')
  const missing = suiteWithout.find(({ probe, outcome }) => outcome === 'held' && !holds(held, probe))
  if (missing !== undefined)
    return { state: 'not-shown', why: `the probe ${missing.probe} was not made with it, or not to an end` }
  const open = suiteWith.find(({ outcome }) => outcome === 'inconclusive')
  if (open !== undefined) return { state: 'not-shown', why: `the probe ${open.probe} came to nothing` }
  return held.length === 0 ? { state: 'not-shown', why: 'no probe was made' } : { state: 'keeps', probes: held.length }
}

function holds(held: readonly SuiteResult[], probe: string): boolean {
  return held.some((one) => one.probe === probe)
}
