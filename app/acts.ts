import { resolve } from 'node:path'
import { type ChangePlan, type Observation, type ObservationKind, type Place, UserError } from '@upkeep/contract'
import { rederive } from '@upkeep/engine/rederive'
import { storeSource } from '@upkeep/engine/rederive-source'
import type { RoundRecords } from '@upkeep/engine/round-records'
import type { Store } from '@upkeep/engine/store/store'
import type { ActsInput } from './acts-input.ts'
import type { AdoptedDuty } from './adoption.ts'
import { runDaemon } from './daemon/run-daemon.ts'
import { loginActs, refreshBefore } from './login-acts.ts'
import { madeWhenDue, nextDueOf, soonest } from './next-due.ts'
import { openPorts } from './open-ports.ts'
import type { Acts, ScanOutcome, ScanRequest } from './operations/context.ts'
import { homeAt, homesIn, projectAlone } from './places.ts'
import { approvalRules } from './policies-in-force.ts'
import { settingsFor } from './settings-for.ts'

/** How long a scan waits for another one on the same state. */
const waitSeconds = 60

/** The acts that are more than reading and writing records, wired to the engine. */
export function createActs(input: ActsInput): Acts {
  const scanOnce = async (request: ScanRequest) => {
    const outcome = await scan(input, request)
    if (request.homes.length === 0 && (request.project ?? []).length === 0) await closeFreed(input, outcome.ran)
    return outcome
  }
  return {
    scan: scanOnce,
    runPlans: () => runPlans(input),
    look: (kinds) => look(input, kinds),
    capture: (server, callsFor) => capture(input, server, callsFor),
    learn: (server) => learn(input, server),
    ...loginActs(input),
    rederive: (store) => rederive(storeSource(store), input.catalog.duties),
    changes: (homes = []) => changeWorldOf(overHomes(input, homes)),
    prospects: (plan, online) => prospects(input, plan, online),
    daemon: (tick, keep) =>
      runDaemon({
        clock: input.clock,
        signal: input.signal,
        scan: scanOnce,
        tick,
        keep,
        nextDue: () => soonest(input),
      }),
    serve: input.serve,
    mcp: input.mcp,
    completion: input.completion,
    nextDue: (latest) =>
      new Map(
        input.adopted
          .filter((one) => one.adopted)
          .map((one) => [one.duty.id, nextDueOf(input, one, latest.get(one.duty.id) ?? null)]),
      ),
  }
}

async function scan(input: ActsInput, request: ScanRequest): Promise<ScanOutcome> {
  const candidates = candidatesFor(input, request.what)
  const [store, { scheduledRound }, { keptBytesIn }, opened] = await Promise.all([
    input.store(),
    import('@upkeep/engine/scheduled-round'),
    import('@upkeep/engine/change/kept-bytes'),
    openPorts(input),
  ])
  await refreshBefore(input, request, opened.ports.http)
  const round = {
    candidates,
    onlyDue: request.what === 'due',
    waitSeconds,
    catalog: input.catalog,
    store,
    ports: opened.ports,
    places: placesFor(input, request),
    settings: {
      ...settingsFor(input, { ...request, ...(await madeWhenDue(input, request, store)) }, opened.bundles),
      consents: await store.consents.list(),
    },
    people: input.people,
    policies: async () => (await approvalRules(input, store)).policies.all,
    kept: keptBytesIn(input.stateDir),
    clock: input.clock,
    practice: input.practice,
    keyring: input.keyring,
    signal: input.signal,
    progress: input.progress,
  }
  try {
    return outcomeOf(input, await scheduledRound(round))
  } finally {
    // What was hashed stays true, whatever came of the round.
    opened.save()
  }
}

/** Looks at what would be started, now: a consent is to what lies there when it is given. */
async function runPlans(input: ActsInput): Promise<Observation<'run-plan'>[]> {
  const [{ isOfKind }, seen] = await Promise.all([
    import('@upkeep/engine/kernel/observation-index'),
    look(input, ['run-plan']),
  ])
  return seen.filter((one) => isOfKind(one, 'run-plan'))
}

/** The same installation, over other homes than this machine's. */
function overHomes(input: ActsInput, homes: readonly string[]): ActsInput {
  return homes.length === 0 ? input : { ...input, places: homes.map((home) => homeAt(home, input.machine.platform)) }
}

/** What making changes takes: loaded only where a change is made. */
async function changeWorldOf(input: ActsInput) {
  const [{ changeWorld }, store, opened] = await Promise.all([
    import('./change-world.ts'),
    input.store(),
    openPorts(input),
  ])
  const trial = () => trialHands(input, store, opened)
  const again = {
    scan: (request: ScanRequest) => scan(input, request),
    look: (kinds: readonly ObservationKind[]) => look(input, kinds),
  }
  return changeWorld(input, { store, ports: opened.ports, stores: opened.stores, ...again, trial })
}

/** Ends changes that waited for a process of before, where this scan finds it gone. Most often none is open, and nothing is loaded. */
async function closeFreed(input: ActsInput, ran: readonly string[]): Promise<void> {
  const store = await input.store()
  if (ran.length === 0 || (await store.changes.open()).length === 0) return
  const { closePendingChanges } = await import('./close-pending.ts')
  for (const id of await closePendingChanges(await changeWorldOf(input), ran, input.machine.user))
    input.tell(`Change ${id} is in force: what ran before it has ended.`)
}

/** What a change is tried with: nothing is asked of the network, and what may be run is what persons let be run by now. */
async function trialHands(input: ActsInput, store: Store, opened: Awaited<ReturnType<typeof openPorts>>) {
  const { catalog, stateDir, places, signal, progress, clock } = input
  const settings = { ...settingsFor(input, lookOnly, opened.bundles), consents: await store.consents.list() }
  return { catalog, stateDir, places, ports: opened.ports, settings, signal, progress, at: clock.now() }
}

/** What a plan would start anew; with `online`, once the bytes of other versions were fetched. */
async function prospects(input: ActsInput, plan: Pick<ChangePlan, 'inputs'>, online: boolean) {
  const [{ prospectsOf }, store, opened] = await Promise.all([
    import('./patch/prospects-of.ts'),
    input.store(),
    openPorts(input),
  ])
  return prospectsOf({ ...(await trialHands(input, store, opened)), machine: input.machine }, plan, online)
}

async function capture(
  input: ActsInput,
  ...[server, callsFor]: Parameters<Acts['capture']>
): ReturnType<Acts['capture']> {
  const [{ captureServer }, store, { ports, bundles }] = await Promise.all([
    import('@upkeep/engine/collect/capture-server'),
    input.store(),
    openPorts(input),
  ])
  const settings = { ...settingsFor(input, lookOnly, bundles), consents: await store.consents.list() }
  return captureServer({ settings, ports }, server, callsFor)
}

async function learn(input: ActsInput, server: Parameters<Acts['learn']>[0]): ReturnType<Acts['learn']> {
  const [{ learnUse }, store, { ports, bundles }] = await Promise.all([
    import('@upkeep/engine/collect/learn-use'),
    input.store(),
    openPorts(input),
  ])
  const settings = { ...settingsFor(input, lookOnly, bundles), consents: await store.consents.list() }
  return learnUse({ settings, ports }, server)
}

async function look(input: ActsInput, kinds: readonly ObservationKind[]): Promise<readonly Observation[]> {
  const [{ collectRound }, opened] = await Promise.all([
    import('@upkeep/engine/collect/collect-round'),
    openPorts(input),
  ])
  const { catalog, places, clock, signal, progress } = input
  return collectRound({
    collectors: catalog.collectors,
    probes: [],
    serverProbes: [],
    kinds: new Set(kinds),
    places,
    settings: settingsFor(input, lookOnly, opened.bundles),
    ports: opened.ports,
    at: clock.now(),
    signal,
    progress,
  })
}

const lookOnly = { probe: false, online: false }

function candidatesFor({ adopted }: ActsInput, what: ScanRequest['what']): AdoptedDuty[] {
  if (what === 'due' || what === 'all') return adopted.filter((one) => one.adopted)
  return what.map((id) => {
    const found = adopted.find((one) => one.duty.id === id)
    if (found !== undefined) return found
    throw new UserError(
      'not-found',
      `There is no duty "${id.slice(0, 80)}".`,
      'See upkeep duties for those that are installed.',
    )
  })
}

function placesFor(input: ActsInput, { homes, project = [] }: ScanRequest): readonly Place[] {
  const { cwd, platform } = input.machine
  if (project.length > 0) return project.map((folder) => projectAlone(resolve(cwd, folder), platform))
  return homes.length === 0 ? input.places : homes.flatMap((folder) => homesIn(folder, input.machine.platform))
}

function outcomeOf(input: ActsInput, records: RoundRecords | null): ScanOutcome {
  const runs = records?.runs ?? []
  const latest = new Map(runs.map((run) => [run.duty, run]))
  const nextDue = input.adopted
    .filter((one) => one.adopted && latest.has(one.duty.id))
    .map((one) => ({ duty: one.duty.id, at: nextDueOf(input, one, latest.get(one.duty.id) ?? null) }))
  return {
    round: runs[0]?.round ?? null,
    ran: runs.map((run) => run.duty),
    nextDue,
    opened: runs.reduce((sum, run) => sum + run.counts.opened, 0),
    resolved: runs.reduce((sum, run) => sum + run.counts.resolved, 0),
  }
}
