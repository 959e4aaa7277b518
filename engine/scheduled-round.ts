import type { Cadence, Run } from '@upkeep/contract'
import { seal } from './evidence/seal.ts'
import { newId } from './kernel/ids.ts'
import { identifyProcess } from './kernel/process-identity.ts'
import { runRound } from './pipeline.ts'
import type { PlannedRun, RoundContext } from './round.ts'
import type { RoundRecords } from './round-records.ts'
import { planRound } from './schedule/plan-round.ts'
import { recoverRounds } from './schedule/recover-rounds.ts'
import { missedRun } from './schedule/uncounted-runs.ts'
import { withLease } from './schedule/with-lease.ts'
import type { Store } from './store/store.ts'

/** A duty that may run: adopted, with its cadence and parameters. */
export interface Candidate {
  duty: PlannedRun['duty']
  cadence: Cadence
  params: Record<string, unknown>
}

/** A round to be held alone: which duties may run, and whether only those that are due. */
export interface ScheduledRound extends Omit<RoundContext, 'id' | 'duties' | 'missed' | 'confirm'> {
  candidates: readonly Candidate[]
  onlyDue: boolean
  /** How long to wait for another process that is at work on the same state. */
  waitSeconds: number
}

/**
 * Holds one round, alone on its state: ends what a killed process left behind, decides what is due, runs it. Null when nothing is due.
 *
 * @throws UserError `state-busy` when another process holds the state for longer than the wait.
 */
export async function scheduledRound(request: ScheduledRound): Promise<RoundRecords | null> {
  const { store, clock } = request
  const waiting = {
    name: 'round',
    waitSeconds: request.waitSeconds,
    onWait: (holder: string) => request.progress?.(`Waiting for ${holder}`),
  }
  return withLease(store, waiting, async (lease) => {
    await endLeftRounds(request)
    const at = clock.now()
    const { duties, missed } = await plan(request, at)
    if (duties.length === 0) return null
    const id = newId(at)
    await begin(request, id, duties, at)
    const signal = AbortSignal.any([request.signal, lease.signal])
    try {
      return await runRound({ ...request, id, duties, missed: missed(id), signal, confirm: lease.confirm })
    } catch (error) {
      // Stopped on purpose: nothing was kept and nothing is owed. A defect leaves the round to be found as interrupted.
      if (request.signal.aborted) await store.rounds.abandon(id, clock.now())
      throw error
    }
  })
}

async function endLeftRounds({ store, clock, keyring }: ScheduledRound): Promise<void> {
  const at = clock.now()
  await recoverRounds(store, {
    at,
    newId: () => newId(at),
    record: async (tx: Store, runs: readonly Run[]) => {
      await tx.runs.appendMany(runs)
      const sealables = runs.map((record) => ({ type: 'run' as const, record }))
      await seal(tx, keyring, sealables, at)
    },
  })
}

interface Plan {
  duties: PlannedRun[]
  missed: (round: string) => Run[]
}

async function plan(request: ScheduledRound, at: string): Promise<Plan> {
  const asked = request.candidates.map((candidate) => ({
    ...candidate,
    id: candidate.duty.id,
    version: candidate.duty.version,
  }))
  const planned = await planRound(request.store, asked, at)
  const duties: PlannedRun[] = []
  const missing: ((round: string) => Run)[] = []
  for (const { duty: candidate, plan } of planned) {
    const { duty, cadence, params } = candidate
    if (!plan.due && request.onlyDue) continue
    duties.push({ duty, cadence, params, reason: plan.due ? plan.reason : 'asked', note: plan.note })
    const missed = plan.due ? plan.missed : null
    if (missed === null) continue
    const { clock, practice } = request
    missing.push((round) =>
      missedRun({ id: newId(at), round, duty: candidate, missed, note: plan.note, clock: clock.kind, practice }),
    )
  }
  return { duties, missed: (round) => missing.map((make) => make(round)) }
}

async function begin(request: ScheduledRound, id: string, duties: readonly PlannedRun[], at: string): Promise<void> {
  const { host, pid } = identifyProcess()
  const planned = duties.map(({ duty, cadence, reason }) => ({
    duty: duty.id,
    dutyVersion: duty.version,
    cadence,
    reason,
  }))
  await request.store.rounds.begin({
    id,
    at,
    host,
    pid,
    practice: request.practice,
    clock: request.clock.kind,
    duties: planned,
  })
}
