import type { Observation, Place, Ports, Settings, Subject } from '@upkeep/contract'
import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { isForWalls } from '@upkeep/domain/changes/attacks-behind-walls'
import { toCompare } from '@upkeep/domain/changes/trial-probes'
import { type ServerTrial, trialTests, watchMs } from '@upkeep/domain/changes/trial-tests'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { workOut } from '@upkeep/engine/change/plan-branch'
import { captureServer } from '@upkeep/engine/collect/capture-server'
import { collectRound } from '@upkeep/engine/collect/collect-round'
import { prospectivePorts } from '@upkeep/engine/collect/prospective-ports'
import type { Catalog } from '@upkeep/engine/kernel/catalog'
import { enginesOf, nodeHere } from './node-here.ts'
import { isIn, type VersionStep, versionSteps, withTrees } from './prospect.ts'

/** What trying a change takes. Nothing of it writes. */
export interface TrialHands {
  readonly catalog: Catalog
  readonly stateDir: string
  readonly places: readonly Place[]
  readonly ports: Ports
  readonly settings: Settings
  readonly signal: AbortSignal
  readonly at: string
  progress(what: string): void
}

/** The world before a change and as it would be after it, and what the servers that it starts anew came to in the sandbox. */
export interface PlanTrial {
  readonly was: readonly Observation[]
  readonly is: readonly Observation[]
  readonly steps: readonly VersionStep[]
  readonly servers: readonly Tried[]
}

/** A server that a change starts anew, as it would be started. */
export interface StartedAnew {
  readonly subject: Subject
  readonly plan: RunPlan | null
  /** Why it cannot be run; empty where it can. */
  readonly why: string
  readonly was: RunPlan | null
}

const grounds = ['declared-server', 'resolved-package', 'run-plan', 'integrations', 'advisories'] as const

/** Looks at the world as it is and as a change would leave it. Nothing is started. */
export async function foresee(hands: TrialHands, plan: Pick<ChangePlan, 'inputs' | 'branch'>) {
  const { files, documents } = await workOut(plan, { remediations: hands.catalog.remediations, ports: hands.ports })
  const changed = new Map(files.map(({ path, to }) => [path, to.state === 'file' ? to.bytes : ('absent' as const)]))
  const touched = [...changed.keys(), ...documents.keys()]
  const places = hands.places.filter((place) => touched.some((path) => isIn(place, path)))
  const bare = prospectivePorts(hands.ports, { files: changed, gateways: documents, trees: [] })
  const entries = await look(hands, places, bare, ['declared-server'])
  const declared = entries.filter((one): one is Observation<'declared-server'> => one.kind === 'declared-server')
  const steps = versionSteps(plan, declared, { ...hands, places, ports: bare })
  const ports = prospectivePorts(hands.ports, withTrees({ files: changed, gateways: documents }, steps))
  const was = await look(hands, places, hands.ports, grounds)
  const is = await look(hands, places, ports, grounds)
  return { places, ports, steps, was, is, anew: startedAnew(was, is) }
}

/** Servers whose command line or bytes the change replaces. */
function startedAnew(was: readonly Observation[], is: readonly Observation[]): StartedAnew[] {
  const before = new Map(was.flatMap((one) => (one.kind === 'run-plan' ? [[one.subject.id, one] as const] : [])))
  return is.flatMap((one): StartedAnew[] => {
    if (one.kind !== 'run-plan' || one.state === 'absent') return []
    const earlier = before.get(one.subject.id)
    const plan = one.state === 'seen' ? one.facts : null
    const old = earlier?.state === 'seen' ? earlier.facts : null
    const isSame =
      plan === null ? earlier?.state === 'unavailable' : plan.command === old?.command && plan.bytes === old.bytes
    const why = one.state === 'seen' ? '' : one.reason
    return isSame ? [] : [{ subject: one.subject, plan, why, was: old }]
  })
}

/** Runs what a change would start anew in the sandbox, where a person let exactly that be run. */
export async function tryPlan(hands: TrialHands, plan: Pick<ChangePlan, 'inputs'>): Promise<PlanTrial> {
  const seen = await foresee(hands, plan)
  const { anew, ports, places, was, steps } = seen
  if (anew.length === 0) return { was, is: seen.is, steps, servers: [] }
  const groups = sameStarts(anew, hands.settings)
  const settings = { ...hands.settings, prove: groups.map(({ tried }) => tried.subject.id) }
  const seenAfter = await look({ ...hands, settings }, places, ports, [...grounds, 'server-tests', 'server-probes'])
  const is = [...seenAfter, ...groups.flatMap((group) => alsoOf(group, seenAfter))]
  const confines = plan.inputs.some(({ kind }) => kind === 'confine-server')
  const servers: Tried[] = []
  for (const { tried: one, alike } of groups) {
    const [old, next] = await Promise.all([
      one.was === null ? notThere : listed(hands, hands.ports, one.subject, one.was),
      one.plan === null ? { offers: one.why, ended: false } : listed(hands, ports, one.subject, one.plan),
    ])
    const tried: Tried = {
      subject: one.subject,
      server: one.subject.name,
      tests: proofOf(is, 'server-tests', one.subject),
      proofs: proofOf(is, 'server-probes', one.subject),
      controls: 'it fails already, and goes nowhere',
      was: old.offers,
      is: next.offers,
      endedBefore: old.ended,
      node:
        one.plan?.runtime === 'node'
          ? { needs: enginesOf(is, one.subject), here: await nodeHere(ports.sandbox, one.plan) }
          : null,
    }
    if (confines) {
      const walls = await attackWalls(hands, { places, ports }, one)
      servers.push(...forAll(alike, { ...tried, controls: 'its walls are attacked instead', walls }))
      continue
    }
    const fails = trialTests(tried).some(({ outcome }) => outcome === 'failed')
    const controls = fails ? tried.controls : await attackControls(hands, { places, ports }, one)
    servers.push(...forAll(alike, { ...tried, controls }))
  }
  return { was, is, steps, servers }
}

type Tried = ServerTrial & { subject: Subject }

/** Entries that start the very same, before the change and after it: one of them is run, and what it came to holds for all. */
interface SameStarts {
  readonly tried: StartedAnew
  readonly alike: readonly StartedAnew[]
}

/** Several clients often declare one server in the same words. What of them may be run is run, once. */
export function sameStarts(anew: readonly StartedAnew[], settings: Settings): SameStarts[] {
  const key = ({ subject, plan, why, was }: StartedAnew) =>
    JSON.stringify([subject.name, why, plan?.command, plan?.bytes, was?.command, was?.bytes])
  // Of what is not known to the byte nothing says that it is the same.
  const isKnown = ({ plan }: StartedAnew) => plan !== null && plan.bytes !== null
  return [...Map.groupBy(anew, (one) => (isKnown(one) ? key(one) : one.subject.id)).values()].flatMap((alike) => {
    const tried = alike.find((one) => mayBeRun(settings, one)) ?? alike[0]
    return tried === undefined ? [] : [{ tried, alike }]
  })
}

function forAll(alike: readonly StartedAnew[], tried: Tried): Tried[] {
  return alike.map(({ subject }) => ({ ...tried, subject }))
}

/** What was seen of the one that was run, as that of each that starts the same. */
function alsoOf({ tried, alike }: SameStarts, seen: readonly Observation[]): Observation[] {
  const of = seen.filter(
    ({ kind, subject }) => (kind === 'server-tests' || kind === 'server-probes') && subject.id === tried.subject.id,
  )
  return alike.flatMap(({ subject }) => (subject.id === tried.subject.id ? [] : of.map((one) => ({ ...one, subject }))))
}

/** Attacks the controls of the new bytes; what does not hold on them is tried on the old ones too, where they may be run. */
async function attackControls(
  hands: TrialHands,
  { places, ports }: { places: readonly Place[]; ports: Ports },
  { subject, was }: StartedAnew,
): Promise<Exclude<ServerTrial['controls'], string>> {
  const controls = hands.catalog.serverProbes.filter(({ tries }) => tries.kind === 'control')
  const attack = async (probes: typeof controls, on: Ports) => {
    const settings = { ...hands.settings, prove: [subject.id], proveControls: true }
    const attacking = { ...hands, settings, catalog: { ...hands.catalog, serverProbes: probes } }
    return proofOf(await look(attacking, places, on, ['declared-server', 'server-probes']), 'server-probes', subject)
  }
  const is = await attack(controls, ports)
  const open = new Set(toCompare(is))
  if (open.size === 0 || was === null) return { is, was: undefined }
  const old = await attack(
    controls.filter(({ id }) => open.has(id)),
    hands.ports,
  )
  return { is, was: old }
}

/** Makes the attacks on files and network on a server as it is, and behind its walls. */
async function attackWalls(
  hands: TrialHands,
  { places, ports }: { places: readonly Place[]; ports: Ports },
  { subject }: StartedAnew,
): Promise<NonNullable<ServerTrial['walls']>> {
  const serverProbes = hands.catalog.serverProbes.filter(isForWalls)
  const settings = { ...hands.settings, prove: [subject.id], proveControls: true }
  const attacking = { ...hands, settings, catalog: { ...hands.catalog, serverProbes } }
  const attack = async (on: Ports) =>
    proofOf(await look(attacking, places, on, ['declared-server', 'server-probes']), 'server-probes', subject)
  return { without: await attack(hands.ports), behind: await attack(ports) }
}

function proofOf<Kind extends 'server-tests' | 'server-probes'>(
  seen: readonly Observation[],
  kind: Kind,
  { id }: Subject,
): Observation<Kind> | undefined {
  return seen.find((one): one is Observation<Kind> => one.kind === kind && one.subject.id === id)
}

/** What a server offered, or why that was not seen; and whether it ended by itself while it was looked at. */
interface Listing {
  offers: ToolSurface | string
  ended: boolean
}

const notThere: Listing = { offers: 'it was not there, or which bytes ran is not known', ended: false }

async function listed(hands: TrialHands, ports: Ports, subject: Subject, plan: RunPlan): Promise<Listing> {
  const round = { settings: hands.settings, ports }
  const captured = await captureServer(round, { subject, plan }, () => [], watchMs)
  if (captured.state === 'captured') return { offers: captured.surface, ended: false }
  return { offers: captured.reason, ended: captured.code === 'unreachable' }
}

/** Whether a person let this very thing be run. */
function mayBeRun(settings: Settings, { subject, plan }: StartedAnew): boolean {
  return plan !== null && consentFor(settings.consents ?? [], subject.id, plan).state === 'given'
}

/** Looks at these kinds of things on these ports. Nobody is connected to for it. */
export function look(hands: TrialHands, places: readonly Place[], ports: Ports, kinds: readonly Observation['kind'][]) {
  const { catalog, settings, signal, progress, at } = hands
  return collectRound({
    collectors: catalog.collectors,
    probes: [],
    serverProbes: catalog.serverProbes,
    kinds: new Set(kinds),
    places,
    settings: { ...settings, probe: [], connectToDeclared: false, online: false },
    ports,
    at,
    signal,
    progress,
  })
}
