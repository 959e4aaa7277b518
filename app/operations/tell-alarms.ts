import { type Finding, Severity } from '@upkeep/contract'
import { Notice } from '@upkeep/contract/notify'
import { digestOf } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { expectedBy } from '@upkeep/domain/changes/expected-alarms'
import { isHeardOf } from '@upkeep/domain/notices/routing'
import { isPressing, pressingQuestions } from '@upkeep/domain/pressing'
import { recordStep, storedChange } from '@upkeep/engine/change/record-step'
import { withLease } from '@upkeep/engine/schedule/with-lease'
import type { Store } from '@upkeep/engine/store/store'
import { knownChanges } from '../calendar-grounds.ts'
import { ownersOf } from '../owners-of.ts'
import { tellPeople } from '../tell-people.ts'
import { keepTold, readTold, type Told } from '../told.ts'
import { affectedBy, affectedWords } from './affected-by.ts'
import type { Context } from './context.ts'
import { standingFindings, unaccepted } from './find-findings.ts'

const maxNotices = 20
const maxLines = 50
const maxAbout = 10_000

/**
 * Tells what came up since the last round, and what is over: findings that nobody accepted and that are grave enough for a channel, and whatever asks whether it is an
 * emergency. What a change under way is bound to bring about is recorded with that change instead, and told when it outlasts it.
 */
export async function tellAlarms(context: Context): Promise<void> {
  const store = await context.existingStore()
  if (store === null || context.upkeepFile.notify.length === 0) return
  const now = context.clock.now()
  const open = unaccepted(await standingFindings(store, now))
  await tellOver(context, store, open)
  const told = stillOpen(readTold(context.stateDir), open)
  const isHeard = ({ statement }: Finding) => isHeardOf(statement.severity, context.upkeepFile.notify)
  const fresh = open.filter((one) => !Object.hasOwn(told, keyOf(one, now)) && (isHeard(one) || isPressing(one, now)))
  const changes = fresh.length === 0 ? [] : await knownChanges(store)
  const sorted = fresh.map((finding) => ({ finding, cause: expectedBy(finding, changes, now) }))
  for (const { finding, cause } of sorted) if (cause !== null) await withheld(context, store, cause, finding)
  const alarms = sorted.flatMap(({ finding, cause }) => (cause === null ? [finding] : []))
  await send(context, store, alarms, now)
  await keepTold(context.stateDir, { ...told, ...Object.fromEntries(alarms.map((one) => [keyOf(one, now), now])) })
}

/** What becomes pressing is told again, as the question that it then asks. */
function keyOf(finding: Finding, now: string): string {
  return `${isPressing(finding, now) ? 'asked' : 'alarm'} ${finding.statement.fingerprint}`
}

/** A finding that was closed since is told again when it comes back. */
function stillOpen(told: Told, open: readonly Finding[]): Told {
  const prints = new Set(open.map(({ statement }) => statement.fingerprint))
  const isKept = (key: string) => !/^(alarm|asked) /.test(key) || prints.has(key.slice('alarm '.length))
  return Object.fromEntries(Object.entries(told).filter(([key]) => isKept(key)))
}

/** What is grave is told together, and apart from what only some ask to be told. */
function weightOf({ statement: { severity } }: Finding): string {
  return severity === 'critical' || severity === 'high' ? 'grave' : severity
}

/** Recorded with the change that causes it, once, and by whoever may write steps now: two hands would take the same place. */
async function withheld(context: Context, store: Store, { id }: ChangeState, { statement }: Finding): Promise<void> {
  const detail = `${statement.subject.name}: ${statement.summary} (${statement.fingerprint.slice(0, 12)})`.slice(
    0,
    1_000,
  )
  const world = await context.acts.changes()
  await withLease(store, { name: 'changes' }, async () => {
    const state = await storedChange(store, id)
    const isKnown = state?.steps.some(
      (step) => step.is === 'notified' && step.about === 'expected-alarm' && step.detail === detail,
    )
    if (state === null || isKnown === true) return
    await recordStep(world, state, {
      is: 'notified',
      channel: 'all',
      about: 'expected-alarm',
      outcome: 'withheld',
      detail,
    })
  })
}

/** One notice for what asks for a decision now, each; and one for the rest of each group of owners. */
async function send(context: Context, store: Store, alarms: readonly Finding[], now: string): Promise<void> {
  const owners = ownersOf(context.upkeepFile.servers)
  const all = (await standingFindings(store, now)).flatMap(({ finding }) =>
    finding.state === 'resolved' ? [] : [finding.statement],
  )
  for (const group of pressingQuestions(alarms, now).slice(0, maxNotices)) {
    const [first] = group
    if (first === undefined) continue
    const { affected, notKnown } = await affectedBy(store, first.statement, all)
    await tellPeople(context, {
      ...sharedOf(group, owners),
      event: 'emergency-asked',
      title: first.statement.summary,
      details: [...affectedWords(affected), ...notKnown],
      more: `upkeep emergency ${first.statement.fingerprint.slice(0, 12)}`,
      urgent: true,
      thread: `asked ${first.statement.fingerprint}`,
    })
  }
  const others = alarms.filter((one) => !isPressing(one, now))
  for (const group of grouped(others, (one) => `${weightOf(one)} ${owners(one.statement.subject).join(' ')}`).slice(
    0,
    maxNotices,
  ))
    await tellPeople(context, {
      ...sharedOf(group, owners),
      event: 'alarm',
      title: group.length === 1 ? (group[0]?.statement.summary ?? '') : `${group.length} findings came up`,
      details: group
        .slice(0, maxLines)
        .map(({ statement }) => `${statement.severity}: ${statement.subject.name}: ${statement.summary}`),
      more: 'upkeep status',
      urgent: false,
      thread: `alarm ${digestOf(group.map(({ statement }) => statement.fingerprint).sort())}`,
    })
}

/** What was told of and is over, each matter by itself: everything that it was about was looked for and not found, or was accepted. */
async function tellOver(context: Context, store: Store, open: readonly Finding[]): Promise<void> {
  const prints = new Set(open.map(({ statement }) => statement.fingerprint))
  const threads = new Map(
    (await store.deliveries.open()).map((one) => [one.thread, Notice.parse(JSON.parse(one.body))]),
  )
  for (const { about, ...opened } of threads.values()) {
    if (about.length === 0 || about.some((print) => prints.has(print))) continue
    const { change, title, severity, rehearsal, servers, owners, thread } = opened
    const shared = { change, title, severity, rehearsal, servers, owners, thread, about }
    await tellPeople(context, {
      ...shared,
      event: 'resolved',
      urgent: opened.urgent,
      details: [],
      more: 'upkeep status',
    })
  }
}

function sharedOf(group: readonly Finding[], owners: ReturnType<typeof ownersOf>) {
  const servers = group.flatMap(({ statement: { subject } }) => (subject.kind === 'server' ? [subject.name] : []))
  const answering = group.flatMap(({ statement }) => owners(statement.subject))
  return {
    change: null,
    rehearsal: false,
    severity: Severity.options.find((one) => group.some(({ statement }) => statement.severity === one)) ?? null,
    about: group.map(({ statement }) => statement.fingerprint).slice(0, maxAbout),
    servers: [...new Set(servers)].sort().slice(0, 200),
    owners: [...new Set(answering)].sort().slice(0, 200),
  }
}

function grouped(findings: readonly Finding[], keyFor: (one: Finding) => string): Finding[][] {
  return [...Map.groupBy(findings, keyFor).values()]
}
