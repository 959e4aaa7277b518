import type { ObservationManifest, Run } from '@upkeep/contract/run'
import type { Subject } from '@upkeep/contract/subject'
import type { Instant } from '@upkeep/contract/time'
import type { HasHow, ObservedParts } from '@upkeep/domain/observed-parts'
import { isAsked, type PackageQuestion, questionKeys } from '@upkeep/domain/package-question'
import { drawMissing } from '../store/draw-components.ts'
import type { PackageHolder, Store } from '../store/store.ts'
import { readManifest } from './read-observations.ts'
import type { ReportDuty } from './report-model.ts'

/** One server that has what was asked for. */
export interface Holder {
  subject: Subject
  /** Each version, and how the server has it; strongest first. `unsure`: it cannot be told whether that version is meant. */
  has: { package: string; version: string | null; how: HasHow; unsure: boolean }[]
  /** The observations that show it. */
  observations: string[]
}

/** Who has a package, now or during a day. */
export interface WhoHas {
  holders: Holder[]
  servers: number
  /** Servers of which it cannot be said: nothing, or not everything, is known of what they hold. */
  notKnown: Subject[]
  /** Servers that run on another machine: what they hold cannot be seen. */
  elsewhere: Subject[]
  /** The runs that this rests on, oldest first. */
  runs: Run[]
}

const maxRuns = 50

/** Answers from stored runs: the newest ones, or those of a day with the one that stood when it began. */
export async function whoHas(
  store: Store,
  duties: readonly Pick<ReportDuty, 'id' | 'sees'>[],
  question: PackageQuestion,
  day: { start: Instant; end: Instant } | null,
): Promise<WhoHas> {
  const runs = day === null ? await newest(store, duties, undefined) : await ofDay(store, duties, day)
  const lines = await linesOf(store, runs)
  const known = await drawMissing(store, lines)
  const found = byObservation(asked(await store.components.holding(questionKeys(question)), question))
  const servers = new Map<string, ServerSeen>()
  for (const line of lines) {
    const server: ServerSeen = servers.get(line.subject.id) ?? { subject: line.subject, has: new Map(), knowledge: [] }
    servers.set(line.subject.id, server)
    server.knowledge.push({ kind: line.kind, knowledge: known.get(line.observation) ?? 'unknown' })
    for (const one of found.get(line.observation) ?? []) noteHeld(server, one)
  }
  return answerOf([...servers.values()], runs)
}

interface ServerSeen {
  subject: Subject
  has: Map<string, Holder['has'][number] & { observation: string }>
  knowledge: { kind: string; knowledge: ObservedParts['knowledge'] }[]
}

type AskedFor = PackageHolder & { unsure: boolean }

/** Those of a version that is asked for. Each version is compared once, however many servers have it. */
function asked(holders: readonly PackageHolder[], question: PackageQuestion): AskedFor[] {
  const compared = new Map<string, ReturnType<typeof isAsked>>()
  return holders.flatMap((one) => {
    const key = `${one.package}\n${one.version ?? ''}`
    const answer = compared.get(key) ?? isAsked(question, one.package, one.version)
    compared.set(key, answer)
    return answer === 'no' ? [] : [{ ...one, unsure: answer === 'unknown' }]
  })
}

function noteHeld(server: ServerSeen, { package: name, version, how, unsure, observation }: AskedFor): void {
  const key = `${name}\n${version ?? ''}\n${how}`
  server.has.set(key, { package: name, version, how: howOf(how), unsure, observation })
}

const order: readonly HasHow[] = ['starts', 'bundled', 'installed', 'declared']

function howOf(text: string): HasHow {
  return order.find((one) => one === text) ?? 'installed'
}

function answerOf(servers: readonly ServerSeen[], runs: readonly Run[]): WhoHas {
  const holders: Holder[] = []
  const notKnown: Subject[] = []
  const elsewhere: Subject[] = []
  const sorted = [...servers].sort((a, b) => (a.subject.id < b.subject.id ? -1 : 1))
  for (const server of sorted) {
    if (server.has.size > 0) holders.push(holderOf(server))
    else if (server.knowledge.some((one) => one.knowledge === 'elsewhere')) elsewhere.push(server.subject)
    else if (!isWhole(server)) notKnown.push(server.subject)
  }
  return { holders, servers: servers.length, notKnown, elsewhere, runs: [...runs] }
}

function holderOf({ subject, has }: ServerSeen): Holder {
  const held = [...has.values()].sort((a, b) => order.indexOf(a.how) - order.indexOf(b.how))
  return {
    subject,
    has: held.map(({ observation: _, ...one }) => one),
    observations: [...new Set(held.map((one) => one.observation))],
  }
}

/** Silence means "does not have it" only where what is installed was seen whole, each time. */
function isWhole({ knowledge }: ServerSeen): boolean {
  const installed = knowledge.filter((one) => one.kind === 'resolved-package')
  return installed.length > 0 && installed.every((one) => one.knowledge === 'whole')
}

function byObservation(holders: readonly AskedFor[]): Map<string, AskedFor[]> {
  const groups = new Map<string, AskedFor[]>()
  for (const one of holders) {
    const group = groups.get(one.observation)
    if (group === undefined) groups.set(one.observation, [one])
    else group.push(one)
  }
  return groups
}

const shows = ['resolved-package', 'bundled-code', 'declared-server'] as const

/** For each kind the newest run that saw it: one run may see several. */
async function newest(
  store: Store,
  duties: readonly Pick<ReportDuty, 'id' | 'sees'>[],
  notAfter: Instant | undefined,
): Promise<Run[]> {
  const chosen = new Map<string, Run>()
  for (const duty of duties.filter((one) => shows.some((kind) => one.sees.includes(kind)))) {
    const run = await store.runs.latestCompleted(duty.id, notAfter)
    if (run === null) continue
    for (const kind of shows.filter((one) => duty.sees.includes(one))) {
      const known = chosen.get(kind)
      if (known === undefined || known.startedAt < run.startedAt) chosen.set(kind, run)
    }
  }
  return inOrder([...chosen.values()])
}

/** Every state that the day saw: how it began, and each run until it ended. */
async function ofDay(
  store: Store,
  duties: readonly Pick<ReportDuty, 'id' | 'sees'>[],
  day: { start: Instant; end: Instant },
): Promise<Run[]> {
  const found: Run[] = []
  for (let until: Instant | null = day.end; until !== null && found.length < maxRuns; ) {
    const runs: Run[] = await newest(store, duties, until)
    found.push(...runs)
    const last: string = runs.at(-1)?.startedAt ?? ''
    until = last < day.start ? null : justBefore(last)
  }
  return inOrder(found)
}

function justBefore(instant: Instant): Instant {
  return new Date(Date.parse(instant) - 1).toISOString()
}

function inOrder(runs: readonly Run[]): Run[] {
  const once = new Map(runs.map((run) => [run.id, run]))
  return [...once.values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
}

/** What the runs saw of servers. Where nothing changed two runs share a manifest, and it is read once. */
async function linesOf(store: Store, runs: readonly Run[]): Promise<ObservationManifest> {
  const lines = new Map<string, ObservationManifest[number]>()
  const read = new Set<string>()
  for (const run of runs) {
    if (run.observations === null || read.has(run.observations)) continue
    read.add(run.observations)
    for (const line of await readManifest(store, run)) {
      if (shows.some((kind) => kind === line.kind)) lines.set(`${line.subject.id}\n${line.observation}`, line)
    }
  }
  return [...lines.values()]
}
