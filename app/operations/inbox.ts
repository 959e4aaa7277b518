import { Acceptance, UserError } from '@upkeep/contract'
import { acceptanceStatement } from '@upkeep/domain/changes/signed-statements'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import type { AskablePiece } from '@upkeep/engine/report/askable-pieces'
import { layRows } from '@upkeep/engine/report/rows'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import { approve, lastSeen } from './baseline-accept.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { decidedBy, weightOf } from './decide.ts'
import { requireStore, standingRuns } from './draw-report.ts'
import { isAnswered, keepAnswer, readAnswers } from './inbox-answers.ts'
import { channelSubject, InboxItem, inboxItems } from './inbox-items.ts'
import { defineOperation } from './operation.ts'
import { requireActingRole, requireRole } from './run-operation.ts'

/** Every pending decision in one place. */
export const inbox = defineOperation({
  id: 'inbox',
  summary: 'every pending decision: yes, no, later or why',
  effect: 'write',
  role: 'viewer',
  readsWithout: ['answer', 'id', 'until', 'reason'],
  pages: 'items',
  input: z.strictObject({
    answer: z.enum(['list', 'yes', 'no', 'later', 'why']).default('list').describe('What to answer'),
    id: z.string().optional().describe('To which question: its id'),
    until: z.string().default('7d').describe('For "later": until when'),
    reason: z.string().max(2_000).default('decided in the inbox').describe('For "yes": why'),
    key: z.string().optional().meta({
      description: 'Sign it with this SSH key, as "approve" does: what is of severity high takes that',
      valueName: 'file',
      local: true,
    }),
    all: z.boolean().default(false).describe('List those that were put off or declined too'),
  }),
  output: z.strictObject({ items: z.array(InboxItem), done: z.string().nullable() }),
  cli: {
    verb: 'inbox',
    positionals: ['answer', 'id'],
    listed: 'rest',
    examples: [
      { command: 'upkeep inbox', says: 'what waits for a decision' },
      { command: 'upkeep inbox why 3f9c1a2b', says: 'what hangs on one of them' },
      { command: 'upkeep inbox yes 3f9c1a2b --reason "moved on purpose"', says: 'decide it' },
      { command: 'upkeep inbox later 3f9c1a2b --until 14d', says: 'put it off' },
    ],
  },
  decides: ({ answer }) => answer === 'yes' || answer === 'no' || answer === 'later',
  async run(context, { answer, id, until, reason, all, key }) {
    const store = await requireStore(context)
    const seen = await everythingAskable(context, store)
    const items = await inboxItems(context, store, seen)
    if (answer === 'list') return listAnswer(context, items, all)
    const item = items.find((one) => one.id === id)
    if (item === undefined) throw new UserError('not-found', 'No such question waits.', 'List them: "upkeep inbox".')
    if (answer === 'why') return answered([item], `${item.why} Yes ${item.yes}. No ${item.no}.`)
    if (answer === 'yes') return answered([item], await decide(context, store, { item, seen, reason, key }))
    requireActingRole(context)
    const at = context.clock.now()
    await keepAnswer(
      context.stateDir,
      items.map((one) => one.id),
      item.id,
      { answer, until: answer === 'later' ? endOfDay(until, at) : null, by: context.signer.person, at },
    )
    return answered(
      [item],
      answer === 'later' ? `Put off until ${endOfDay(until, at).slice(0, 10)}.` : `Declined: ${item.no}.`,
    )
  },
})

/** What the latest run of every adopted duty saw that somebody may be asked about. */
async function everythingAskable(context: Context, store: Store): Promise<AskablePiece[]> {
  const { standings } = await standingRuns(context)
  return context.parts.askable(
    store,
    standings.flatMap(({ duty, latest }) => (duty.adopted && latest !== null ? [latest] : [])),
  )
}

interface Decision {
  item: InboxItem
  seen: readonly AskablePiece[]
  reason: string
  key: string | undefined
}

async function decide(context: Context, store: Store, { item, seen: asked, reason, key }: Decision): Promise<string> {
  if (item.kind === 'emergency')
    return `Nothing was done yet. Do it: upkeep emergency ${item.about?.slice(0, 12) ?? ''}`
  if (item.kind === 'not-told') return notToldWords(item)
  if (item.kind === 'given-up') return seenNow(context, store, item)
  if (item.kind === 'ticket')
    return `Nothing was done. See it: upkeep changes ${item.about}. Give it up: upkeep changes ${item.about} --abandon`
  if (item.kind === 'consent') return consentWords(item, asked)
  requireRole(context, 'approver')
  if (item.kind === 'acceptance-expires') return extend(context, store, item, key)
  const seen = await lastSeen(context, store)
  const subjects = seen.flatMap((one) => (one.subject.id === item.subjectId ? [one.subject] : [])).slice(0, 1)
  await approve(context, store, { observations: seen, subjects, reason, key })
  return 'Approved as it was last seen. It is judged against this from the next run on.'
}

/** What was given up until the question was asked: what came after it is asked by itself. */
async function seenNow(context: Context, store: Store, { about, subject, subjectId }: InboxItem): Promise<string> {
  requireRole(context, 'operator')
  const lost = (await store.deliveries.lost()).filter((one) => channelSubject(one).id === subjectId)
  const asked = lost.findIndex(({ id }) => id === about)
  // Told otherwise meanwhile: of what else is lost nothing was shown.
  const ids = asked < 0 ? [] : lost.slice(asked).map(({ id }) => id)
  await store.deliveries.see(ids, { person: context.signer.person, at: context.clock.now() })
  return `Recorded: seen by ${context.signer.person}. What it said is in the log: upkeep notify log "${subject}"`
}

function notToldWords({ subject, subjectId }: InboxItem): string {
  const again = subjectId.startsWith('tracker:') ? 'upkeep tickets sync' : `upkeep notify test "${subject}"`
  return `Nothing was sent. Mend it, then try it: ${again}`
}

function consentWords(item: InboxItem, seen: readonly AskablePiece[]): string {
  if (item.subjectId === 'fleet') return 'Nothing was asked. Ask once: upkeep scan --online'
  const declared = seen.find(({ what, subject }) => what === 'declared' && subject.id === item.subjectId)
  const url = declared?.url ?? null
  return `Add it to upkeep.yaml under "probe": - url: ${url ?? 'its URL'}. Or look once without trying it: upkeep scan --probe`
}

async function extend(context: Context, store: Store, item: InboxItem, key: string | undefined): Promise<string> {
  const at = context.clock.now()
  const former = (await store.acceptances.list()).find((one) => one.id === item.about)
  if (former === undefined)
    throw new UserError('not-found', 'That acceptance is gone.', 'See "upkeep findings --accepted".')
  const until = endOfDay('30d', at)
  const { fingerprint, reason } = former
  const finding = (await store.findings.current()).find(({ statement }) => statement.fingerprint === fingerprint)
  const signer = await decidedBy(context, {
    heavy: weightOf(finding === undefined ? [] : [finding.statement.severity], 'an acceptance'),
    shown: `Accept until ${until.slice(0, 10)}: ${reason}\n  ${finding?.statement.summary ?? fingerprint}`,
    question: 'Live with it until then?',
    statement: (person) => acceptanceStatement({ person, fingerprints: [fingerprint], until, reason }),
    key,
  })
  const together = signer.signature === null ? {} : { together: [fingerprint] }
  const { together: _former, ...rest } = former
  const record = Acceptance.parse({ ...rest, ...together, id: newId(at), at, until, signer })
  await store.transaction(async (tx) => {
    await tx.acceptances.append(record)
    await seal(tx, context.keyring, [{ type: 'acceptance', record }], at)
  })
  return `Accepted until ${record.until.slice(0, 10)}.`
}

function listAnswer(context: Context, items: InboxItem[], all: boolean) {
  const answers = readAnswers(context.stateDir)
  const at = context.clock.now()
  const shown = all ? items : items.filter((item) => !isAnswered(answers, item.id, at))
  return answered(shown, null)
}

function answered(items: InboxItem[], done: string | null) {
  const rows = items.slice(0, 200).map((item) => ({
    label: item.id,
    tone: 'cyan' as const,
    name: item.subject,
    lines: [done ?? item.question],
    command: done === null ? `upkeep inbox why ${item.id}` : null,
  }))
  return {
    output: { items, done },
    text: (style: Parameters<typeof layRows>[1]) =>
      rows.length === 0 ? 'Nothing waits for a decision.\n' : `${layRows(rows, style).join('\n')}\n`,
    table: {
      columns: ['id', 'kind', 'subject', 'question', 'why'],
      rows: items.map((item) => [item.id, item.kind, item.subject, item.question, item.why]),
    },
  }
}
