import type { Ports, Refusal, SandboxBackend, Settings, Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'

/** Whether this round was asked to run a server. */
export function wasAsked({ prove }: Settings, subject: Subject): boolean {
  return prove === 'all' || prove?.includes(subject.id) === true
}

/** The bytes that a person let be run and the sandbox that would run them; or why they are not run. */
export async function mayRun(
  { settings, ports }: { settings: Settings; ports: Pick<Ports, 'sandbox'> },
  subject: Subject,
  plan: RunPlan,
): Promise<{ state: 'may'; bytes: string; backend: SandboxBackend } | Refusal> {
  const consent = consentFor(settings.consents ?? [], subject.id, plan)
  if (consent.state === 'not-given') return { state: 'unavailable', code: 'not-consented', reason: consent.reason }
  const backend = await ports.sandbox.backend()
  if ('state' in backend) return backend
  return { state: 'may', bytes: consent.consent.bytes, backend }
}
