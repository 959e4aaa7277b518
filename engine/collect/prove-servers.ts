import type { Facts, Observation, Ports, ServerProbe, Settings, Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { placeRun } from '@upkeep/domain/run-plan/sandbox-run'
import { attemptWithin, believeTwice } from './believe-twice.ts'
import { mayRun, wasAsked } from './may-run.ts'
import { benchFor } from './server-under-test.ts'

/** What proving takes. */
export interface ProofRound {
  serverProbes: readonly ServerProbe[]
  settings: Settings
  ports: Pick<Ports, 'sandbox'>
  at: string
  signal: AbortSignal
  progress?: (what: string) => void
  /** What earlier rounds proved: it holds for as long as neither a byte nor the command line changes. */
  proofs: readonly Observation<'server-probes'>[]
}

type Proof = Observation<'server-probes'>
type Package = { ecosystem: string; name: string; version: string | null }

const bounds = { lines: 60, text: 1_000 }

/**
 * Tries known weaknesses on each server's own bytes, where the round was asked to and a person let exactly these be run. Of every other it
 * says what is known from before, or why nothing is.
 */
export async function proveServers(round: ProofRound, seen: readonly Observation[]): Promise<Proof[]> {
  const packages = new Map(seen.flatMap((one) => (one.kind === 'resolved-package' ? [[one.subject.id, one]] : [])))
  const proofs: Proof[] = []
  for (const planned of seen) {
    if (planned.kind !== 'run-plan') continue
    round.signal.throwIfAborted()
    const { subject } = planned
    if (planned.state !== 'seen') proofs.push({ ...planned, kind: 'server-probes' })
    else proofs.push(await prove(round, subject, planned.facts, packageOf(packages.get(subject.id))))
  }
  return proofs
}

async function prove(round: ProofRound, subject: Subject, plan: RunPlan, about: Package | null): Promise<Proof> {
  const kind = 'server-probes'
  const probes = round.serverProbes.filter((probe) => isFor(probe, about))
  if (probes.length === 0) return { kind, subject, state: 'absent', reason: 'no probe is for it yet' }
  if (!wasAsked(round.settings, subject)) return earlierProof(round, subject, plan, probes)
  const allowed = await mayRun(round, subject, plan)
  if (allowed.state !== 'may') return notProven(subject, allowed.code, allowed.reason)
  const now = probes.filter(({ tries }) => tries.kind === 'weakness' || round.settings.proveControls === true)
  const results: Facts<'server-probes'>['results'] = stillProven(
    round,
    subject,
    plan,
    probes.filter((one) => !now.includes(one)),
  )
  for (const probe of now) {
    round.signal.throwIfAborted()
    round.progress?.(`Trying on ${subject.name}: ${probe.title}`)
    results.push(await tryProbe(round, { subject, plan, about }, probe))
  }
  const { id, version, isolates } = allowed.backend
  const facts = {
    command: plan.command,
    bytes: allowed.bytes,
    at: round.at,
    backend: { id, version, isolates: [...isolates] },
    standIns: placeRun(plan).standIns,
    results,
  }
  return { kind, subject, state: 'seen', facts }
}

async function tryProbe(
  { ports, signal }: ProofRound,
  { subject, plan, about }: { subject: Subject; plan: RunPlan; about: Package | null },
  probe: ServerProbe,
): Promise<Facts<'server-probes'>['results'][number]> {
  const { attempt, attempts } = await believeTwice(async () => {
    const bench = benchFor({ name: subject.name, package: about, plan, needs: probe.needs, sandbox: ports.sandbox })
    try {
      return await attemptWithin(probe.timeoutSeconds, signal, () => probe.attempt(bench.server))
    } finally {
      await bench.clear()
    }
  })
  return {
    probe: probe.id,
    version: probe.version,
    title: probe.title,
    tries: probe.tries,
    cites: [...probe.cites],
    outcome: attempt.outcome,
    detail: cut(attempt.detail),
    attempts,
    transcript: attempt.transcript
      .slice(0, bounds.lines)
      .map(({ sent, received }) => ({ sent: cut(sent), received: cut(received) })),
  }
}

function earlierProof({ proofs }: ProofRound, subject: Subject, plan: RunPlan, probes: readonly ServerProbe[]): Proof {
  const earlier = proofs.find((one) => one.subject.id === subject.id)
  if (earlier?.state !== 'seen') return notProven(subject, 'not-consented', 'no probe was made on it yet')
  const { facts } = earlier
  if (facts.bytes !== plan.bytes) return notProven(subject, 'stale', 'its bytes have changed since they were probed')
  if (facts.command !== plan.command)
    return notProven(subject, 'stale', 'its command line has changed since it was probed')
  const results = facts.results.filter((one) =>
    probes.some(({ id, version }) => id === one.probe && version === one.version),
  )
  return { kind: 'server-probes', subject, state: 'seen', facts: { ...facts, results } }
}

/** What was proven of the same bytes under the same command line by probes that are not made this time, with its own day. */
function stillProven(round: ProofRound, subject: Subject, plan: RunPlan, probes: readonly ServerProbe[]) {
  const earlier = earlierProof(round, subject, plan, probes)
  if (earlier.state !== 'seen') return []
  return earlier.facts.results.map((one) => ({ ...one, at: one.at ?? earlier.facts.at }))
}

function notProven(subject: Subject, code: Extract<Proof, { state: 'unavailable' }>['code'], reason: string): Proof {
  return { kind: 'server-probes', subject, state: 'unavailable', code, reason }
}

function isFor(probe: ServerProbe, about: Package | null): boolean {
  if (probe.of === null) return true
  return about !== null && probe.of.some(({ ecosystem, name }) => ecosystem === about.ecosystem && name === about.name)
}

function packageOf(resolved: Observation<'resolved-package'> | undefined): Package | null {
  if (resolved?.state !== 'seen' || resolved.facts.wouldRun === null) return null
  const { ecosystem, name, installed, wouldRun } = resolved.facts
  return { ecosystem, name, version: installed[wouldRun]?.version ?? null }
}

function cut(text: string): string {
  return (text.length > bounds.text ? `${text.slice(0, bounds.text)} (cut)` : text).toWellFormed()
}
