import { AdvisoryFeed } from '@upkeep/contract/observations/advisories'
import { ago } from '@upkeep/domain/distance'
import { layRows } from '@upkeep/engine/report/rows'
import { z } from 'zod'
import { feedsOf } from '../feeds-of.ts'
import type { Context } from './context.ts'
import { defineOperation } from './operation.ts'

export const ListedFeed = AdvisoryFeed.extend({
  /** False when nothing of it could be read. */
  usable: z.boolean(),
})
export type ListedFeed = z.infer<typeof ListedFeed>

/** Which feeds are in place, how old they are, and what of them is not believed. */
export const feedsList = defineOperation({
  id: 'feeds.list',
  summary: 'list the feeds in place: age, records, quarantine',
  effect: 'read',
  role: 'viewer',
  input: z.strictObject({}),
  output: z.strictObject({ feeds: z.array(ListedFeed) }),
  cli: {
    verb: 'feeds',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep feeds', says: 'every feed, with its age' },
      { command: 'upkeep feeds --verbose', says: 'with each record that is not believed, and why' },
    ],
  },
  async run(context) {
    const at = context.clock.now()
    const feeds = await feedsNow(context)
    return {
      output: { feeds },
      text: (style) =>
        `${layRows(
          feeds.map((feed) => feedRow(feed, at, style.verbose)),
          style,
        ).join('\n')}\n`,
      table: { columns, rows: feeds.map((feed) => csvRow(feed)) },
    }
  },
})

async function feedsNow(context: Context): Promise<ListedFeed[]> {
  const [{ feedsInPlace }, { createHttpPort }] = await Promise.all([
    import('@upkeep/engine/intel/open-intel'),
    import('@upkeep/engine/ports/http'),
  ])
  const { osv, sources = [] } = feedsOf({ ...context, cwd: context.machine.cwd })
  const places = [...osv.map((path) => ({ path })), ...sources]
  const world = { stateDir: context.stateDir, http: createHttpPort() }
  const call = { feeds: places, at: context.clock.now(), signal: context.signal }
  const found = await feedsInPlace(world, call)
  return found.map(({ feed, usable }) => ({ ...feed, usable }))
}

/** A feed as a row of a list: what it is, how old, and what is wrong with it. */
export function feedRow(feed: ListedFeed, at: string, verbose: boolean) {
  const age = feed.newest === null ? 'no date' : `newest ${ago(feed.newest, at)}`
  const whole = feed.coverage === 'complete' ? `all of ${feed.ecosystems.join(', ') || 'its kind'}` : 'a selection'
  const used = feed.records - countOf(feed.quarantined) - countOf(feed.rejected)
  const records = used === feed.records ? `${feed.records} records` : `${used} of ${feed.records} records`
  const limit = feed.maxAgeDays === null ? '' : ` (limit ${feed.maxAgeDays} days)`
  const facts = [feed.form, records, `${age}${feed.stale ? ', stale' : ''}${limit}`, whole]
  if (feed.signature !== undefined) facts.push(signatureWords[feed.signature])
  const word = stateWord(feed, used)
  const lines = [feed.source, facts.join(', ')]
  if (feed.problem !== undefined) lines.push(feed.problem)
  lines.push(
    ...refusedLines('quarantined', feed.quarantined, verbose),
    ...refusedLines('rejected', feed.rejected, verbose),
  )
  if (feed.unread !== undefined) lines.push(`not read: ${unreadWords(feed.unread)}`)
  return {
    label: word,
    tone: word !== 'fine' ? ('yellow' as const) : ('dim' as const),
    name: '',
    lines,
    command: null,
  }
}

/** `partly`: not all of it is used, and nothing else is wrong with it. */
function stateWord(feed: ListedFeed, used: number): 'unusable' | 'stale' | 'attention' | 'partly' | 'fine' {
  if (!feed.usable) return 'unusable'
  if (feed.stale) return 'stale'
  if (feed.problem !== undefined) return 'attention'
  return used < feed.records ? 'partly' : 'fine'
}

const shownUnread = 5

/** The list may end in a line for those that are not listed. */
function unreadWords(names: readonly string[]): string {
  const more = /^(\d{1,9}) more$/.exec(names.at(-1) ?? '')?.[1]
  const listed = more === undefined ? names : names.slice(0, -1)
  const left = listed.length - shownUnread + Number(more ?? 0)
  return `${listed.slice(0, shownUnread).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

const signatureWords: Record<NonNullable<ListedFeed['signature']>, string> = {
  verified: 'signature verified',
  failed: 'signature failed',
  unchecked: 'signed, and no key is named to check it',
  'not-signed': 'not signed',
}

function refusedLines(word: string, refused: ListedFeed['rejected'], verbose: boolean): string[] {
  const [first] = refused
  if (first === undefined) return []
  if (verbose) return refused.map(({ record, reason }) => `${word}: ${record}: ${reason}`)
  return [`${countOf(refused)} ${word}, first ${first.record}: ${first.reason}`]
}

/** How many there are: the list may end in a line for those that are not listed. */
export function countOf(refused: Readonly<ListedFeed['rejected']>): number {
  const more = /^(\d{1,9}) more$/.exec(refused.at(-1)?.record ?? '')?.[1]
  return more === undefined ? refused.length : refused.length - 1 + Number(more)
}

const columns = [
  'id',
  'form',
  'source',
  'records',
  'newest',
  'stale',
  'coverage',
  'signature',
  'rejected',
  'quarantined',
  'problem',
]

function csvRow(feed: ListedFeed) {
  const refused = [countOf(feed.rejected), countOf(feed.quarantined)] as const
  const known = [feed.id, feed.form, feed.source, feed.records, feed.newest ?? '', feed.stale ? 'yes' : 'no']
  return [...known, feed.coverage, feed.signature ?? '', ...refused, feed.problem ?? '']
}
