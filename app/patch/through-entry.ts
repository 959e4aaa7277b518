import type { Place, Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { escaped, type ShutOut } from '@upkeep/domain/changes/escaped'
import { watchMs } from '@upkeep/domain/changes/trial-tests'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { captureServer } from '@upkeep/engine/collect/capture-server'
import { look, type TrialHands } from './try-plan.ts'

/** Why a server is not as it was tested: other bytes, or it does not start and stay. Null where it is; `not-let`: it may not be run. */
export async function whyNot(
  hands: TrialHands,
  state: ChangeState,
  subject: Subject,
  plan: RunPlan,
): Promise<string | null> {
  const consents = hands.settings.consents ?? []
  if (consentFor(consents, subject.id, plan).state !== 'given') {
    const wasRun = state.tests?.some(({ name, outcome }) => name === `${subject.name}: starts` && outcome === 'passed')
    const own = consents.filter((one) => one.subject.id === subject.id && one.command === plan.command)
    const others = own.length > 0 && own.every(({ bytes }) => bytes !== plan.bytes)
    return wasRun === true && others
      ? `what ${subject.name} would start now are not the bytes that were tested`
      : 'not-let'
  }
  const diedBefore = state.tests?.some(
    ({ name, outcome }) => name === `${subject.name}: runs on` && outcome === 'not-run',
  )
  const started = await captureServer(hands, { subject, plan }, () => [], diedBefore === true ? 0 : watchMs)
  if (started.state === 'captured' || started.code === 'not-supported') return null
  return `${subject.name} does not run through its entry as it now stands: ${started.reason}`
}

/** What gets through the entries as they now stand that was to be shut out; null where nothing does. */
export async function attacked(
  hands: TrialHands,
  places: readonly Place[],
  prove: readonly string[],
  shutOut: ShutOut,
): Promise<string | null> {
  if (prove.length === 0) return null
  const settings = { ...hands.settings, prove }
  const seen = await look({ ...hands, settings }, places, hands.ports, ['declared-server', 'server-probes'])
  const [first] = seen.flatMap((one) => {
    if (one.kind !== 'server-probes' || one.state !== 'seen' || !prove.includes(one.subject.id)) return []
    return escaped(one.facts.results, shutOut).map(
      (what) => `${one.subject.name}, through its entry as it now stands: ${what}`,
    )
  })
  return first ?? null
}
