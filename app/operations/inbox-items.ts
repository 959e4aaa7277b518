import { AffectedServer, type Finding, type StatedFinding, type Subject } from '@upkeep/contract'
import { digestOf } from '@upkeep/domain/canonical-json'
import { dayOf, stampOf } from '@upkeep/domain/distance'
import { pressingQuestions } from '@upkeep/domain/pressing'
import { printable } from '@upkeep/domain/printable'
import { trackerKinds } from '@upkeep/domain/tickets/covered-by'
import { type OpenHistory, openFleetHistory } from '@upkeep/engine/history/fleet-history'
import type { AskablePiece } from '@upkeep/engine/report/askable-pieces'
import type { Delivery } from '@upkeep/engine/store/deliveries'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import { failingChannels } from '../failing-channels.ts'
import { affectedBy, affectedWords } from './affected-by.ts'
import type { Context } from './context.ts'
import { standingFindings } from './find-findings.ts'
import { type ListedTicket, listedTickets } from './ticket-output.ts'

const fewTitles = 3
const expiresSoonMs = 14 * 86_400_000

/** One thing that only a person can decide. */
export const InboxItem = z.strictObject({
  id: z.string(),
  kind: z.enum([
    'approve-state',
    'drift',
    'acceptance-expires',
    'consent',
    'emergency',
    'not-told',
    'given-up',
    'ticket',
  ]),
  subject: z.string(),
  subjectId: z.string(),
  question: z.string(),
  why: z.string(),
  yes: z.string(),
  no: z.string(),
  /** The finding or acceptance that it is about. */
  about: z.string().nullable(),
  /** Of an emergency: who has what it is about, or had it by what is remembered. */
  affected: z.array(AffectedServer).optional(),
})
export type InboxItem = z.infer<typeof InboxItem>

/** Every pending decision, in the order in which they came up. Ids are the same as long as the question is. */
export async function inboxItems(context: Context, store: Store, seen: readonly AskablePiece[]): Promise<InboxItem[]> {
  const at = context.clock.now()
  const standing = await standingFindings(store, at)
  const driftDuties = new Set(
    context.duties.filter((duty) => duty.sees.includes('approved-server')).map((duty) => duty.id),
  )
  const open = standing.filter((one) => one.finding.state !== 'resolved' && one.acceptance === null)
  const drifted = open.filter((one) => driftDuties.has(one.finding.statement.duty)).map((one) => driftItem(one.finding))
  const expiring = standing.flatMap(({ finding, acceptance }) => {
    if (acceptance === null || finding.state === 'resolved') return []
    const soon = Date.parse(acceptance.until) - Date.parse(at) < expiresSoonMs
    return soon ? [expiryItem(finding, acceptance.id, acceptance.until)] : []
  })
  const found = open.map(({ finding }) => finding)
  const stated = found.map(({ statement }) => statement)
  const groups = pressingQuestions(found, at)
  const remembered = groups.length === 0 ? null : await openFleetHistory(store)
  const pressing = await Promise.all(groups.map((group) => emergencyItem(remembered ?? store, group, stated)))
  const items = [
    ...pressing,
    ...unapproved(seen, await approvedSince(store)),
    ...drifted,
    ...expiring,
    ...consents(seen),
    ...(await notTold(context, store)),
    ...(await misleadingTickets(context, store)).flatMap(ticketItem),
  ]
  // The same question, seen in two ways, is asked once.
  return [...new Map(items.map((item) => [item.id, item])).values()]
}

/** One question for what is wrong with one package, with every server that has it or had it. */
async function emergencyItem(
  remembers: Store | OpenHistory,
  [first]: readonly Finding[],
  open: readonly StatedFinding[],
): Promise<InboxItem> {
  if (first === undefined) throw new Error('a question is about something')
  const { statement } = first
  const { affected, notKnown } = await affectedBy(remembers, statement, open)
  const item = itemFor('emergency', statement.subject, statement.fingerprint, {
    question: `Is it an emergency? ${statement.summary}`,
    why: [
      `It is due ${stampOf(statement.due?.at ?? first.at)}: ${statement.due?.why ?? ''}.`,
      ...affectedWords(affected),
      ...notKnown,
    ].join('\n'),
    yes: 'says the command that switches it off, with the traces kept first; upkeep does it only at that command',
    no: 'leaves it to the usual way',
  })
  return { ...item, affected }
}

/** What was approved after the latest run saw what is approved: it is judged from the next one on, and asked for no longer. */
async function approvedSince(store: Store): Promise<string[]> {
  const decided = (await store.baselines.list()).flatMap(({ servers }) => servers)
  const newest = new Map(decided.map(({ subject, approved }) => [subject.id, approved]))
  return [...newest].flatMap(([id, approved]) => (approved === null ? [] : [id]))
}

function unapproved(seen: readonly AskablePiece[], since: readonly string[]): InboxItem[] {
  const before = seen.flatMap(({ what, subject }) => (what === 'approved' ? [subject.id] : []))
  const approved = new Set([...before, ...since])
  return seen.flatMap(({ what, subject }) => {
    if (what !== 'declared' || approved.has(subject.id)) return []
    return [
      itemFor('approve-state', subject, null, {
        question: 'Is this the state it should be in?',
        why: 'No state of this server is approved, so nobody can tell whether it changed.',
        yes: 'approves it as it was last seen',
        no: 'leaves it without an approved state',
      }),
    ]
  })
}

function driftItem(finding: Finding): InboxItem {
  const { statement } = finding
  return itemFor('drift', statement.subject, statement.fingerprint, {
    question: statement.summary,
    why: `It differs from what was approved. ${statement.action}`,
    yes: 'the change was meant: approves the server as it was last seen',
    no: 'the change was not meant: the finding stays open',
  })
}

function expiryItem(finding: Finding, acceptance: string, until: string): InboxItem {
  return itemFor('acceptance-expires', finding.statement.subject, acceptance, {
    question: `The acceptance ends on ${dayOf(until)}: ${finding.statement.summary}`,
    why: 'After that day the finding counts again.',
    yes: 'accepts it for 30 more days, for the same reason',
    no: 'lets it end on its day',
  })
}

function consents(seen: readonly AskablePiece[]): InboxItem[] {
  return seen.flatMap(({ what, subject, reason }) => {
    if (what !== 'not-consented') return []
    return [
      itemFor('consent', subject, null, {
        question: `May upkeep look at it? ${reason}`,
        why: 'It is not looked at without consent, so the verdicts that need it are unknown.',
        yes: 'says what to add to upkeep.yaml; upkeep does not write that file',
        no: 'leaves it unknown',
      }),
    ]
  })
}

/** Channels to which nothing comes now, and messages that were given up there. What was given up is said by itself, whatever arrived since. */
async function notTold(context: Context, store: Store): Promise<InboxItem[]> {
  const lost = await store.deliveries.lost()
  const ids = new Set(lost.map(({ id }) => id))
  const failing = (await failingChannels(context, store)).filter(({ id }) => !ids.has(id))
  const groups = Map.groupBy(lost, ({ channel, via }) => `${via} ${channel}`)
  return [...failing.map(notToldItem), ...[...groups.values()].flatMap(givenUpItem)]
}

/** It goes when somebody says that they saw it, or when the same matter is told there after all. */
function givenUpItem(lost: readonly Delivery[]): InboxItem[] {
  const [newest] = lost
  if (newest === undefined) return []
  const { id, channel, why } = newest
  const what = lost.length === 1 ? 'A message was' : `${lost.length} messages were`
  const titles = lost.slice(0, fewTitles).map(({ at, title }) => `${stampOf(at)}: ${printable(title)}`)
  const more = lost.length > fewTitles ? [`and ${lost.length - fewTitles} before.`] : []
  return [
    itemFor('given-up', channelSubject(newest), id, {
      question: `${what} given up, and nobody may know of it: ${printable(why)}`,
      why: [`Never arrived at ${printable(channel)}. To whom, and why: upkeep notify log.`, ...titles, ...more].join(
        '\n',
      ),
      yes: 'records that you saw it: it leaves the inbox, and stays in the log',
      no: 'puts it away without that: it is asked again with the next message that is given up there',
    }),
  ]
}

/** That nothing is heard is no peace where nobody can be told. It goes when something arrives there. */
function notToldItem({ channel, via, why, at }: Delivery): InboxItem {
  const isSignOfLife = via === 'heartbeat'
  const isTracker = isOfTracker({ via })
  return itemFor('not-told', channelSubject({ channel, via }), null, {
    question: `${isSignOfLife ? 'The sign of life' : 'What was to be told here'} did not arrive: ${why}`,
    why: `Since ${stampOf(at)} nothing arrived. What was said and to whom: upkeep notify log.`,
    yes: 'says how to try it; the question goes as soon as something arrives',
    no: isTracker ? 'leaves it: changes are made without their tickets' : 'leaves it: nobody is told over this channel',
  })
}

function isOfTracker({ via }: Pick<Delivery, 'via'>): boolean {
  return trackerKinds.some((kind) => kind === via)
}

export function channelSubject({ channel, via }: Pick<Delivery, 'channel' | 'via'>): Subject {
  return { kind: 'fleet', id: `${isOfTracker({ via }) ? 'tracker' : 'channel'}:${channel}`, name: channel }
}

/** Tickets that are closed or gone while their changes are open. */
async function misleadingTickets(context: Context, store: Store): Promise<ListedTicket[]> {
  const over = (await store.tickets.list()).filter(({ state }) => state === 'closed' || state === 'gone')
  if (over.length === 0) return []
  const open = new Set(await store.changes.open())
  const changes = over.flatMap(({ change }) => (open.has(change) ? [change] : []))
  return changes.length === 0 ? [] : listedTickets(context, store, changes)
}

/** That somebody closed or deleted a ticket is said: they may believe that it was decided by that. It goes when change and ticket agree again. */
function ticketItem({ change, title, key, state, differs, tracker }: ListedTicket): InboxItem[] {
  const [first] = differs
  if (first === undefined || (state !== 'closed' && state !== 'gone')) return []
  const subject: Subject = { kind: 'fleet', id: `change:${change}`, name: title.slice(0, 200) }
  return [
    itemFor('ticket', subject, change, {
      question: `${printable(key ?? tracker)}: ${printable(first)}.`,
      why: 'What is done in a ticket decides nothing here: the change waits for its approval, or for its time, as before.',
      yes: 'says how to go on with the change or give it up',
      no: 'leaves the change as it is',
    }),
  ]
}

function itemFor(
  kind: InboxItem['kind'],
  subject: Subject,
  about: string | null,
  words: Pick<InboxItem, 'question' | 'why' | 'yes' | 'no'>,
): InboxItem {
  const id = digestOf({ kind, subject: subject.id, about, question: words.question }).slice(0, 8)
  return { id, kind, subject: subject.name, subjectId: subject.id, about, ...words }
}
