import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { FeedEntry, type FeedEvent, nextFeed } from '@upkeep/domain/calendar/calendar-feed'
import { windowOccurrences } from '@upkeep/domain/calendar/window-occurrences'
import { digestOf } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { Context } from './context.ts'
import type { WindowsOutput } from './windows-output.ts'

const Feed = z.strictObject({ version: z.literal(1), entries: z.array(FeedEntry).max(100_000) })
const aheadMs = 90 * 86_400_000
const hourMs = 3_600_000

/** What stands in the calendar for the next three months. A thing keeps its id while it moves. */
export function calendarEvents(
  { upkeepFile, clock }: Context,
  drawn: Omit<WindowsOutput, 'file' | 'feed'>,
): FeedEvent[] {
  const now = clock.now()
  const until = new Date(Date.parse(now) + aheadMs).toISOString()
  const windows = upkeepFile.windows.flatMap((window) =>
    windowOccurrences(window, now, until).map((one) => ({
      uid: uidOf('window', window.name, one.wall.slice(0, 10)),
      kind: 'window' as const,
      from: one.from,
      until: one.until,
      title: `Window: ${window.name}`,
      detail: `${one.wall} by the clock in ${window.zone}. Changes may be made.`,
    })),
  )
  const freezes = drawn.freezes.map(({ from, until: end, why }) => ({
    uid: uidOf('freeze', why),
    kind: 'freeze' as const,
    from,
    until: end,
    title: `Freeze: ${why}`.slice(0, 500),
    detail: 'No change is made.',
  }))
  const changes = drawn.scheduled.map(({ change, title, ...time }) => eventOf(change, title, time))
  const due = drawn.deadlines.map(({ fingerprint, title, server, due: at }) => ({
    uid: uidOf('due', fingerprint),
    kind: 'due' as const,
    from: at,
    until: after(at),
    title: `Due: ${server}: ${title}`.slice(0, 500),
    detail: `upkeep findings ${fingerprint.slice(0, 12)}`,
  }))
  return [...windows, ...freezes, ...changes, ...due]
}

/** A change that has a time, as it stands in a calendar. */
export function changeEvent({ id, plan, window }: ChangeState): FeedEvent[] {
  return window === null ? [] : [eventOf(id, plan.title, window)]
}

function eventOf(
  change: string,
  title: string,
  { from, until, window }: { from: string; until: string | null; window: string | null },
): FeedEvent {
  return {
    uid: uidOf('change', change),
    kind: 'change',
    from,
    until: until ?? after(from),
    title: `Change: ${title}`.slice(0, 500),
    detail: `${window === null ? '' : `In "${window}". `}upkeep changes ${change}`,
  }
}

/** The feed as text. What was given out is kept, so that the next one can change and withdraw it. */
export async function drawFeed({ stateDir, clock }: Context, events: readonly FeedEvent[]): Promise<string> {
  const memory = join(stateDir, 'calendar.json')
  const entries = nextFeed(entriesIn(memory), events, clock.now())
  const { iCalendar } = await import('@upkeep/engine/report/icalendar')
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  // Kept first: a number that was never given out does no harm, one that is given out twice does.
  await writeFileAtomic(memory, `${JSON.stringify({ version: 1, entries })}\n`, { mode: 0o600 })
  return iCalendar(entries, 'MCP maintenance')
}

/** Writes the feed where a calendar program takes it from. */
export async function writeFeed({ machine }: Context, named: string, feed: string): Promise<string> {
  const file = resolve(machine.cwd, named)
  await writeFileAtomic(file, feed, { mode: 0o600 }).catch(unwritable)
  return file
}

function entriesIn(path: string): FeedEntry[] {
  try {
    return Feed.parse(JSON.parse(readFileSync(path, 'utf8'))).entries
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw new UserError(
      'state-unusable',
      'calendar.json in the state folder is not what upkeep wrote.',
      'Remove that file; calendars that took the feed before then show withdrawn events until you remove them there.',
    )
  }
}

function uidOf(kind: FeedEvent['kind'], ...names: readonly string[]): string {
  return `${kind}-${digestOf(names).slice(0, 32)}@mcp-upkeep`
}

function after(moment: string): string {
  return new Date(Date.parse(moment) + hourMs).toISOString()
}

function unwritable(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
  throw new UserError('bad-input', `That file cannot be written (${code}).`, 'Name a file in a folder you can write.')
}
