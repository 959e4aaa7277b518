import type { AnyProbe, Facts, HttpPort, Ports, ProbeSubject, Refusal } from '@upkeep/contract'
import { attemptWithin, believeTwice } from './believe-twice.ts'

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
  /** Least time between two requests. */
  pauseMs?: number
}

const maxTimeouts = 3
const gaveUp: Refusal = {
  state: 'unavailable',
  code: 'timed-out',
  reason: `not sent: ${maxTimeouts} requests in a row had no answer in time`,
}
const bounds = { lines: 40, text: 500 }

/**
 * Makes the probes against one listed endpoint, one request at a time. `held` is believed at once; `broken` and `inconclusive` only when
 * two attempts agree: a control that fails once in three is not shown to hold, nor shown to be broken.
 */
export async function runProbes(plan: ProbePlan): Promise<Facts<'control-probes'>> {
  const ports = { ...plan.ports, http: paced(plan.ports.http, plan.pauseMs ?? 100, plan.signal) }
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
    detail: safe(attempt.detail, plan.subject),
    attempts,
    transcript: attempt.transcript.slice(0, bounds.lines).map(({ sent, received }) => ({
      sent: safe(sent, plan.subject),
      received: safe(received, plan.subject),
    })),
  }
}

/**
 * One request at a time, with a pause between two: a probe must never be a load. A server that lets request after request time out is
 * asked no more, so that it cannot hold up the round.
 */
function paced(http: HttpPort, pauseMs: number, signal: AbortSignal): HttpPort {
  let before: Promise<unknown> = Promise.resolve()
  let timeouts = 0
  let silence: Refusal | null = null
  return {
    exchange(request) {
      const mine = before.then(async () => {
        signal.throwIfAborted()
        if (silence !== null) return silence
        const answer = await http.exchange(request)
        timeouts = answer.state === 'unavailable' && answer.code === 'timed-out' ? timeouts + 1 : 0
        if (timeouts >= maxTimeouts) silence = gaveUp
        return answer
      })
      before = mine.then(
        () => (silence === null ? pause(pauseMs) : undefined),
        () => {},
      )
      return mine
    },
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** Cut, and without the credentials even where a probe wrote them down. */
function safe(text: string, subject: ProbeSubject): string {
  const kept = [subject.authorization, subject.foreignAuthorization].reduce((rest: string, header) => {
    const token = header?.replace(/^Bearer /i, '') ?? ''
    return token.length === 0 ? rest : rest.replaceAll(token, '(token)')
  }, text)
  return (kept.length > bounds.text ? `${kept.slice(0, bounds.text)} (cut)` : kept).toWellFormed()
}
