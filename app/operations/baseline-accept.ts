import { Baseline, type Observation, type Subject, UserError } from '@upkeep/contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { baselineStatement } from '@upkeep/domain/changes/signed-statements'
import { acceptBaseline } from '@upkeep/engine/baseline/accept-baseline'
import { seal } from '@upkeep/engine/evidence/seal'
import { layRows } from '@upkeep/engine/report/rows'
import type { Store } from '@upkeep/engine/store/store'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import type { Context } from './context.ts'
import { decidedBy, provenWords, weightOf } from './decide.ts'
import { requireStore } from './draw-report.ts'
import { keepApproved } from './keep-approved.ts'
import { defineOperation } from './operation.ts'

/** What was last seen becomes the approved state. */
export const baselineAccept = defineOperation({
  id: 'baseline.accept',
  summary: 'approve servers as they were last seen',
  effect: 'write',
  role: 'approver',
  input: z.strictObject({
    servers: z.array(z.string()).default([]).describe('Servers by name or id; all of them when none is named'),
    key: z.string().optional().meta({
      description: 'Sign it with this SSH key, as "approve" does: what is of severity high takes that',
      valueName: 'file',
      local: true,
    }),
    reason: z.string().min(1).max(2_000).default('first approval').describe('Why this state is right'),
  }),
  output: z.strictObject({ baseline: Baseline }),
  cli: {
    verb: 'baseline accept',
    positionals: ['servers'],
    listed: 'rest',
    examples: [
      { command: 'upkeep baseline accept', says: 'all servers, as they were last seen' },
      { command: 'upkeep baseline accept fs --reason "moved to 2.0.1"', says: 'one server after a change' },
    ],
  },
  decides: () => true,
  async run(context, { servers, reason, key }) {
    const store = await requireStore(context)
    const observations = await lastSeen(context, store)
    const subjects = servers.flatMap((word) => subjectsNamed(word, observations))
    const baseline = await approve(context, store, { observations, subjects, reason, key })
    return {
      output: { baseline },
      text: (style) => {
        const rows = baseline.servers.map(({ subject, approved }) => ({
          label: 'approved',
          tone: 'green' as const,
          name: subject.name,
          lines: [approved === null ? 'as gone' : `as it was last seen, ${approved.slice(0, 16)}`],
          command: null,
        }))
        const by = `by ${baseline.signer.person} (${provenWords(baseline.signer)}). It is judged against this from the next run on.`
        return `${layRows(rows, style).join('\n')}\n\n${by}\n`
      },
    }
  },
})

/** Makes, stores and seals a baseline in one transaction. */
export async function approve(
  context: Context,
  store: Store,
  what: {
    observations: readonly Observation[]
    subjects: readonly Subject[]
    reason: string
    key?: string | undefined
  },
): Promise<Baseline> {
  await refuseOutdated(context, what)
  const at = context.clock.now()
  const { servers } = acceptBaseline({ ...what, at, signer: context.signer }).baseline
  const signer = await decidedBy(context, {
    heavy: await weightOfState(context, store, servers),
    shown: [`Approve as last seen: ${what.reason}`, ...servers.map(({ subject }) => `  ${subject.name}`)].join('\n'),
    question: 'Is this the state that they should be in?',
    statement: (person) => baselineStatement({ person, at, reason: what.reason, servers }),
    key: what.key,
  })
  const { baseline, objects } = acceptBaseline({ ...what, at, signer })
  await store.transaction(async (tx) => {
    await tx.objects.putMany(objects)
    await tx.baselines.append(baseline)
    await seal(tx, context.keyring, [{ type: 'baseline', record: baseline }], at)
  })
  keepApproved(await context.acts.changes(), baseline, what.observations)
  return baseline
}

/** Nobody approves what is not there any more: an entry that was edited, or a change that was taken back, is looked at first. */
async function refuseOutdated(
  context: Context,
  { observations, subjects }: { observations: readonly Observation[]; subjects: readonly Subject[] },
): Promise<void> {
  const meant = new Set(subjects.map(({ id }) => id))
  const isMeant = ({ id }: Subject) => meant.size === 0 || meant.has(id)
  const entryOf = (one: Observation) =>
    one.kind === 'declared-server' && one.state === 'seen' ? canonicalJson(one.facts) : null
  const now = new Map((await context.acts.look(['declared-server'])).map((one) => [one.subject.id, entryOf(one)]))
  const other = observations.find((one) => {
    const [was, is] = [entryOf(one), now.get(one.subject.id) ?? null]
    return was !== null && is !== null && was !== is && isMeant(one.subject)
  })
  if (other === undefined) return
  throw new UserError(
    'look-outdated',
    `The entry of ${other.subject.name} is not as it was last seen: it was changed since.`,
    'Look at it first: "upkeep scan", then "upkeep findings".',
  )
}

/** A first state takes a word. One that would explain away a difference of severity high takes more. */
async function weightOfState(context: Context, store: Store, servers: Baseline['servers']): Promise<string | null> {
  const ids = new Set(servers.map(({ subject }) => subject.id))
  const comparing = new Set(context.duties.filter(({ sees }) => sees.includes('approved-server')).map(({ id }) => id))
  const explained = (await store.findings.current()).filter(
    ({ state, statement }) => state !== 'resolved' && comparing.has(statement.duty) && ids.has(statement.subject.id),
  )
  return weightOf(
    explained.map(({ statement }) => statement.severity),
    'it approves a difference',
  )
}

/** What the duty that compares with the approved state last saw: all that a baseline is made of. */
export async function lastSeen(context: Context, store: Store): Promise<Observation[]> {
  for (const duty of context.duties) {
    if (!duty.sees.includes('approved-server')) continue
    const run = await store.runs.latestCompleted(duty.id)
    if (run !== null) return observationsOf(store, run)
  }
  throw new UserError('not-found', 'No run has seen a state that could be approved.', 'Run "upkeep scan" first.')
}

/** The servers that a word names. One name may stand in several clients: all of them are meant. */
export function subjectsNamed(word: string, observations: readonly Observation[]): Subject[] {
  const kinds = ['declared-server', 'approved-server']
  const named = observations.filter(
    ({ kind, subject }) => kinds.includes(kind) && (subject.name === word || subject.id === word),
  )
  if (named.length === 0)
    throw new UserError('not-found', 'No server of that name was seen.', 'List them: "upkeep servers".')
  return [...new Map(named.map(({ subject }) => [subject.id, subject])).values()]
}
