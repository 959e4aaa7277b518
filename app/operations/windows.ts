import { drawCalendar, nextSlot } from '@upkeep/domain/calendar/maintenance-calendar'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { takenBy } from '@upkeep/domain/changes/held-by-calendar'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import { knownChanges } from '../calendar-grounds.ts'
import { calendarEvents, drawFeed, writeFeed } from './calendar-feed-file.ts'
import type { Context } from './context.ts'
import { standingFindings } from './find-findings.ts'
import { defineOperation } from './operation.ts'
import { timesOf } from './window-times.ts'
import { WindowsOutput } from './windows-output.ts'
import { windowsText } from './windows-text.ts'

const nextShown = 4
const maxDeadlines = 200

/** When changes may be made, and what is to be made when. */
export const windows = defineOperation({
  id: 'windows',
  summary: 'when changes may be made, what is scheduled, and what is due before the next window',
  effect: 'write',
  role: 'viewer',
  // What was handed out is kept, so that the next feed can change and withdraw it.
  readsWithout: ['feed'],
  input: z.strictObject({
    ics: z.string().min(1).optional().meta({
      description:
        'Write the calendar to this file too, for any calendar program (iCalendar); written again it updates',
      valueName: 'file',
      local: true,
    }),
    feed: z.boolean().default(false).describe('Hand the calendar out itself, as text (iCalendar)'),
  }),
  output: WindowsOutput,
  cli: {
    verb: 'windows',
    positionals: [],
    listed: 'rest',
    examples: [
      { command: 'upkeep windows', says: 'the next windows, freezes and deadlines' },
      { command: 'upkeep windows --ics maintenance.ics', says: 'for a calendar program' },
    ],
  },
  async run(context, { ics, feed: isAsked }) {
    const store = await context.existingStore()
    const states = store === null ? [] : await knownChanges(store)
    const drawn = await drawOutput(context, store, states)
    const text = ics === undefined && !isAsked ? null : await drawFeed(context, calendarEvents(context, drawn))
    const file = ics === undefined || text === null ? null : await writeFeed(context, ics, text)
    const feed = isAsked ? text : null
    const output = { ...drawn, file, feed }
    const late = output.deadlines.some(({ beforeNext }) => beforeNext)
    return {
      output,
      text: (style) => feed ?? windowsText(output, style),
      ...(late ? { outcome: 'findings' as const } : {}),
    }
  },
})

async function drawOutput(
  context: Context,
  store: Store | null,
  states: readonly ChangeState[],
): Promise<Omit<WindowsOutput, 'file' | 'feed'>> {
  const now = context.clock.now()
  const { upkeepFile } = context
  return {
    windows: upkeepFile.windows.map((window) => rowOf(window, now)),
    freezes: upkeepFile.freezes
      .map(({ from, until, why, servers }) => ({ from: utc(from), until: utc(until), why, servers: servers ?? null }))
      .filter(({ until }) => until > now)
      .sort((one, other) => one.from.localeCompare(other.from, 'en')),
    scheduled: states.flatMap(({ id, plan, phase, window }) =>
      window === null || phase !== 'proposed' ? [] : [{ change: id, title: plan.title, ...window }],
    ),
    deadlines: store === null ? [] : await deadlines(context, store, states),
  }
}

function rowOf(window: Context['upkeepFile']['windows'][number], now: string): WindowsOutput['windows'][number] {
  const { name, rrule, at, zone, duration, first, servers, capacity } = window
  return {
    name,
    zone,
    servers: servers ?? null,
    capacity: capacity ?? null,
    rrule,
    at,
    duration,
    first: first ?? null,
    ...timesOf(window, now, nextShown),
  }
}

/** What has to be dealt with by a day, and whether a window opens before. */
async function deadlines(
  context: Context,
  store: Store,
  states: readonly ChangeState[],
): Promise<WindowsOutput['deadlines']> {
  const now = context.clock.now()
  const calendar = drawCalendar(context.upkeepFile, now)
  const taken = takenBy(states)
  const slots = new Map<string, string | null>()
  const open = (await standingFindings(store, now)).filter(
    (one) => one.finding.state !== 'resolved' && one.acceptance === null,
  )
  const dated = open.flatMap(({ finding: { statement } }) => {
    const due = statement.due?.at
    return typeof due === 'string' ? [{ statement, due }] : []
  })
  dated.sort((one, other) => one.due.localeCompare(other.due, 'en'))
  return dated.slice(0, maxDeadlines).map(({ statement: { fingerprint, title, subject }, due }) => {
    if (!slots.has(subject.name))
      slots.set(subject.name, nextSlot(calendar, { servers: [subject.name], taken })?.from ?? null)
    const next = slots.get(subject.name) ?? null
    return { fingerprint, title, server: subject.name, due, next, beforeNext: next === null || due < next }
  })
}

function utc(moment: string): string {
  return new Date(moment).toISOString()
}
