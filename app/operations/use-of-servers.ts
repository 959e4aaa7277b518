import type { CoveredServer, ReportModel } from '@upkeep/engine/report/report-model'
import type { Store } from '@upkeep/engine/store/store'
import { knownChanges } from '../calendar-grounds.ts'
import { contractsHere } from '../maintenance/contracts-here.ts'
import type { Context } from './context.ts'
import { standingFindings, unaccepted } from './find-findings.ts'
import { type DecidingLook, decidingDuties, judgeUse, type UseAnswer, type UseReason } from './judge-use.ts'

/** Whether one server may be used now, and why not. */
export interface ServerUse {
  readonly id: string
  readonly name: string
  readonly client: string
  readonly answer: UseAnswer
  readonly reasons: UseReason[]
}

/** Whether these servers may be used now, each by all that is known of it. `ownWordOnly`: without what contracts of others say. */
export async function useOfServers(
  context: Context,
  store: Store,
  model: ReportModel,
  servers: readonly CoveredServer[],
  ownWordOnly = false,
): Promise<ServerUse[]> {
  const open = unaccepted(await standingFindings(store, context.clock.now())).map(({ statement }) => statement)
  const findings = Map.groupBy(open, ({ subject }) => subject.id)
  const changes = await knownChanges(store)
  const due = await dueDuties(context, store)
  const lookOf = lookedBy(model, due)
  const said = ownWordOnly ? [] : (await contractsHere(context, store)).flatMap((one) => one.servers)
  const contracts = Map.groupBy(said, ({ subject }) => subject.id)
  return servers.map(({ subject: { id, name }, client, path, disabled }) => {
    const own = [...(findings.get(id) ?? []), ...(findings.get(`file:${path}`) ?? [])]
    const looks = decidingDuties.map((duty) => lookOf(duty, id))
    const grounds = {
      ...{ server: { id, name, path, disabled }, findings: own, changes, looks },
      contracts: (contracts.get(id) ?? []).flatMap(({ reasons }) => reasons),
    }
    return { id, name, client, ...judgeUse(grounds) }
  })
}

async function dueDuties(context: Context, store: Store): Promise<ReadonlySet<string>> {
  const now = context.clock.now()
  const latest = new Map(
    await Promise.all(decidingDuties.map(async (duty) => [duty, await store.runs.latestCompleted(duty)] as const)),
  )
  const next = context.acts.nextDue(latest)
  return new Set(decidingDuties.filter((duty) => (next.get(duty) ?? now) <= now))
}

function lookedBy({ standings, verdicts }: ReportModel, due: ReadonlySet<string>) {
  const known = new Map(verdicts.map(({ duty, verdict }) => [`${duty} ${verdict.subject.id}`, verdict]))
  return (duty: string, id: string): DecidingLook => ({
    duty,
    lookedAt: standings.find((one) => one.duty.id === duty)?.latest?.startedAt ?? null,
    due: due.has(duty),
    verdict: known.get(`${duty} ${id}`) ?? null,
  })
}
