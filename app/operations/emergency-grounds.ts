import {
  type AffectedServer,
  ChangeInput,
  type EmergencyTrigger,
  type Observation,
  type StatedFinding,
  UserError,
} from '@upkeep/contract'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { Capture } from '@upkeep/engine/change/open-emergency'
import type { Store } from '@upkeep/engine/store/store'
import { affectedBy } from './affected-by.ts'
import type { Context } from './context.ts'
import { namedBy, standingFindings } from './find-findings.ts'
import { notLooked } from './not-looked.ts'

/** What an emergency is about, and what would contain it. */
export interface EmergencyGrounds {
  readonly trigger: EmergencyTrigger
  readonly affected: AffectedServer[]
  readonly notKnown: string[]
  /** Files and gateways that could not be looked at: nothing is switched off there. */
  readonly notReached: string[]
  readonly inputs: ChangeInput[]
  readonly closes: string[]
}

/** A word names a finding by the beginning of its fingerprint, or a server by its name or id. */
export async function emergencyGrounds(context: Context, store: Store, word: string): Promise<EmergencyGrounds> {
  const { declared, notReached } = await declaredNow(context)
  const standing = await standingFindings(store, context.clock.now())
  const open = standing.flatMap(({ finding }) => (finding.state === 'resolved' ? [] : [finding.statement]))
  const finding = open.find(({ fingerprint }) => word.length >= 8 && fingerprint.startsWith(word))
  if (finding !== undefined) return { ...(await ofFinding(store, finding, open, declared)), notReached }
  const named = declared.filter(({ subject }) => subject.name === word || subject.id === word)
  if (named.length > 0)
    return {
      ...ofServers(
        word,
        named,
        namedBy(word, standing).map((one) => one.finding.statement.fingerprint),
      ),
      notReached,
    }
  throw new UserError(
    'not-found',
    `No open finding and no server has the name "${word.slice(0, 80)}".${notReached.map((line) => ` ${line}.`).join('')}`,
    'List them: "upkeep findings", "upkeep servers".',
  )
}

interface Declared {
  subject: { id: string; name: string }
  facts: DeclaredServer
}

/** As the files are now: in an emergency the last scan is too old. */
async function declaredNow(context: Context): Promise<{ declared: Declared[]; notReached: string[] }> {
  const seen = await context.acts.look(['declared-server'])
  const declared = seen.flatMap((one) =>
    one.kind === 'declared-server' && one.state === 'seen' ? [{ subject: one.subject, facts: one.facts }] : [],
  )
  return { declared, notReached: notLooked(seen) }
}

async function ofFinding(
  store: Store,
  finding: StatedFinding,
  open: readonly StatedFinding[],
  declared: readonly Declared[],
): Promise<Omit<EmergencyGrounds, 'notReached'>> {
  const { subject, fingerprint, title } = finding
  const { affected, notKnown } = await affectedBy(store, finding, open)
  const ids = new Set(affected.flatMap(({ server, until }) => (until === null ? [server] : [])))
  const named = declared.filter((one) => ids.has(one.subject.id))
  const contained = offFor(named)
  return {
    trigger: { kind: 'finding', name: `${subject.name}: ${title}`.slice(0, 500), fingerprint },
    affected,
    notKnown,
    inputs: contained.length > 0 ? contained : finding.proposals.map(({ change }) => change),
    closes: [fingerprint],
  }
}

function ofServers(
  word: string,
  named: readonly Declared[],
  closes: readonly string[],
): Omit<EmergencyGrounds, 'notReached'> {
  return {
    trigger: { kind: 'server', name: word.slice(0, 500), fingerprint: null },
    affected: named.map(({ subject }) => ({
      server: subject.id,
      name: subject.name.slice(0, 300),
      part: null,
      since: null,
      until: null,
    })),
    notKnown: [],
    inputs: offFor(named),
    closes: [...closes],
  }
}

/** Switches these entries off, in every client that has one. */
function offFor(named: readonly Declared[]): ChangeInput[] {
  return named.flatMap(({ facts: { path, name, project, disabled } }) => {
    const input = ChangeInput.safeParse({ kind: 'disable-server', path, server: name, project })
    return input.success && !disabled ? [input.data] : []
  })
}

const kept = ['client-config', 'declared-server', 'resolved-package', 'host-processes', 'listener'] as const

/** Everything that can be seen without touching anything: configuration, what would start, what runs, what listens. Secrets are hidden in it. */
export async function captureNow(context: Context): Promise<Capture> {
  const seen = await context.acts.look(kept)
  const of = (kind: Observation['kind']) => seen.filter((one) => one.kind === kind)
  const missing = seen.flatMap((one) =>
    one.state === 'unavailable' ? [`${one.kind} ${one.subject.name}: ${one.reason}`] : [],
  )
  return {
    kept: kept.flatMap((kind) => {
      const observations = of(kind)
      return observations.length === 0 ? [] : [{ name: kind, value: observations, count: observations.length }]
    }),
    missing: missing.slice(0, 100).map((line) => line.slice(0, 1_000)),
  }
}
