import type { AnyProbe, ControlAttempt, Facts, Ports, ProbeSubject } from '@upkeep/contract'
import { attemptWithin, believeTwice } from './believe-twice.ts'
import { paced, pauseFor } from './paced-requests.ts'
import { withoutTokens } from './without-tokens.ts'

type ProbeResult = Facts<'control-probes'>['results'][number]

/** The probes to make against one listed endpoint. */
export interface ProbePlan {
  probes: readonly AnyProbe[]
  /** The endpoint as it is reached. */
  subject: ProbeSubject
  /** Its address as it may be stored. */
  shownUrl: string
  ports: Ports
  signal: AbortSignal
  /** Least time between two requests, where it is not the usual one. */
  pauseMs?: number
}

const maxLines = 40

/**
 * Makes the probes against one listed endpoint, one request at a time. `held` is believed at once; `broken` and `inconclusive` only when
 * two attempts agree: a control that fails once in three is not shown to hold, nor shown to be broken.
 */
export async function runProbes(plan: ProbePlan): Promise<Facts<'control-probes'>> {
  const ports = { ...plan.ports, http: paced(plan.ports.http, plan.pauseMs ?? pauseFor(plan.subject.url), plan.signal) }
  const results: ProbeResult[] = []
  for (const probe of inOrder(plan.probes)) {
    plan.signal.throwIfAborted()
    results.push(await believe(probe, { ...plan, ports }))
  }
  return { url: plan.shownUrl, results }
}

function inOrder(probes: readonly AnyProbe[]): AnyProbe[] {
  return probes.toSorted((a, b) => Number(a.last ?? false) - Number(b.last ?? false))
}

async function believe(probe: AnyProbe, plan: ProbePlan): Promise<ProbeResult> {
  const { attempt, attempts } = await believeTwice(() =>
    attemptWithin(probe.timeoutSeconds, plan.signal, () => probe.attempt(plan.subject, plan.ports)),
  )
  return {
    probe: probe.id,
    version: probe.version,
    control: probe.control,
    outcome: attempt.outcome,
    detail: withoutTokens(attempt.detail, plan.subject),
    attempts,
    ...detectionOf(attempt),
    transcript: attempt.transcript.slice(0, maxLines).map(({ sent, received }) => ({
      sent: withoutTokens(sent, plan.subject),
      received: withoutTokens(received, plan.subject),
    })),
  }
}

function detectionOf(attempt: ControlAttempt): Pick<ProbeResult, 'detectedAfterMs'> {
  return attempt.detectedAfterMs === undefined ? {} : { detectedAfterMs: attempt.detectedAfterMs }
}
