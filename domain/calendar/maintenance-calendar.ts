import type { Freeze, MaintenanceWindow, NeverTogether } from '@upkeep/contract/maintenance-window'
import type { Instant } from '@upkeep/contract/time'
import { stampOf } from '../distance.ts'
import { type Occurrence, windowOccurrences } from './window-occurrences.ts'

/** When changes may be made, as the owner wrote it down. */
export interface MaintenanceCalendar {
  readonly windows: readonly MaintenanceWindow[]
  readonly freezes: readonly Freeze[]
  readonly dependencies: readonly NeverTogether[]
}

/** What another change has taken of the calendar: when it is to be made, or was. */
export interface Taken {
  readonly change: string
  readonly servers: readonly string[]
  readonly from: Instant
  /** Null: until it is closed. */
  readonly until: Instant | null
  /** Whether its servers may be down then. What is closed only takes its place in the window. */
  readonly open: boolean
}

/** A time at which a change may be made. `window` is null where only freezes are kept. */
export interface Slot {
  readonly from: Instant
  readonly until: Instant | null
  readonly window: string | null
}

/** What is asked of a calendar: for which servers, and what others have taken. */
export interface CalendarAsked {
  readonly servers: readonly string[]
  readonly taken: readonly Taken[]
}

/** How far ahead is looked for a time. */
const horizonMs = 370 * 86_400_000

/** A calendar with its windows worked out from a moment on. */
export interface DrawnCalendar extends MaintenanceCalendar {
  readonly now: Instant
  readonly occurrences: ReadonlyMap<MaintenanceWindow, readonly Occurrence[]>
}

/** Works the windows out from now on. */
export function drawCalendar(calendar: MaintenanceCalendar, now: Instant): DrawnCalendar {
  const until = new Date(Date.parse(now) + horizonMs).toISOString()
  const occurrences = new Map(
    calendar.windows.map((window) => [window, windowOccurrences(window, now, until)] as const),
  )
  return { ...calendar, now, occurrences }
}

/** The first time from now on at which nothing stands in the way; null where there is none within a year. */
export function nextSlot(calendar: DrawnCalendar, asked: CalendarAsked): Slot | null {
  const opens = [...calendar.occurrences.values()].flat().map(({ from }) => from)
  const thaws = calendar.freezes.map(({ until }) => new Date(until).toISOString())
  const moments = [...new Set([calendar.now, ...opens, ...thaws])].filter((one) => one >= calendar.now).sort()
  const from = moments.find((moment) => whyNotAt(calendar, asked, moment) === null)
  return from === undefined ? null : slotAt(calendar, asked, from)
}

/** How long nothing stands in the way from a moment on that is one. */
export function slotAt(calendar: DrawnCalendar, { servers }: CalendarAsked, from: Instant): Slot {
  const open = windowsFor(calendar, servers)
    .flat()
    .flatMap((window) => openAt(calendar, window, from) ?? [])
  const freezes = calendar.freezes
    .filter((freeze) => concerns(freeze, servers))
    .map((freeze) => new Date(freeze.from).toISOString())
  const [until] = [...open.map((one) => one.until), ...freezes.filter((one) => one > from)].sort()
  const names = [...new Set(open.map(({ window }) => window))]
  return { from, until: until ?? null, window: names.length === 0 ? null : names.join(' and ').slice(0, 300) }
}

/** Why a change of these servers may not be made at a moment; null when it may. */
export function whyNotAt(calendar: DrawnCalendar, asked: CalendarAsked, moment: Instant): string | null {
  return (
    frozenAt(calendar, asked.servers, moment) ??
    outsideAt(calendar, asked, moment) ??
    besideAnother(calendar, asked, moment)
  )
}

/** Two servers of a pair in one change: no window makes that right. */
export function takesBothOf(calendar: MaintenanceCalendar, servers: readonly string[]): NeverTogether | null {
  return calendar.dependencies.find((pair) => pair.servers.every((one) => servers.includes(one))) ?? null
}

function frozenAt({ freezes }: MaintenanceCalendar, servers: readonly string[], moment: Instant): string | null {
  const at = Date.parse(moment)
  const freeze = freezes.find(
    (one) => concerns(one, servers) && Date.parse(one.from) <= at && at < Date.parse(one.until),
  )
  return freeze === undefined
    ? null
    : `nothing is changed until ${stampOf(new Date(freeze.until).toISOString())} (${freeze.why})`
}

function outsideAt(calendar: DrawnCalendar, { servers, taken }: CalendarAsked, moment: Instant): string | null {
  for (const windows of windowsFor(calendar, servers)) {
    const open = windows.flatMap((window) => {
      const one = openAt(calendar, window, moment)
      return one === null ? [] : [{ window, one }]
    })
    if (windows.length > 0 && open.length === 0) return 'no window is open'
    const free = open.find(({ window, one }) => hasRoom(window, one, taken))
    if (open.length > 0 && free === undefined) return `"${open[0]?.window.name ?? ''}" is full`
  }
  return null
}

/** A freeze or a window without servers is for all. A change that names no server is held by what is for all. */
function concerns(one: { servers?: readonly string[] | undefined }, servers: readonly string[]): boolean {
  return one.servers === undefined || one.servers.some((name) => servers.includes(name))
}

/** The windows of each server that a change touches: one of each list has to be open. */
function windowsFor({ windows }: MaintenanceCalendar, servers: readonly string[]): MaintenanceWindow[][] {
  const each = servers.length === 0 ? [[]] : servers.map((name) => [name])
  return each.map((one) => windows.filter((window) => concerns(window, one)))
}

function openAt({ occurrences }: DrawnCalendar, window: MaintenanceWindow, moment: Instant): Occurrence | null {
  return occurrences.get(window)?.find(({ from, until }) => from <= moment && moment < until) ?? null
}

function hasRoom(window: MaintenanceWindow, { from, until }: Occurrence, taken: readonly Taken[]): boolean {
  if (window.capacity === undefined) return true
  const inside = taken.filter(
    (one) => one.from >= from && one.from < until && (window.servers === undefined || concerns(window, one.servers)),
  )
  return inside.length < window.capacity
}

/** Whether another change has the other one of a pair at that moment. */
function besideAnother(
  { dependencies }: MaintenanceCalendar,
  { servers, taken }: CalendarAsked,
  moment: Instant,
): string | null {
  const now = taken.filter((one) => one.open && one.from <= moment && (one.until === null || moment < one.until))
  for (const pair of dependencies) {
    const other = pair.servers.find((_, index) => servers.includes(pair.servers[index === 0 ? 1 : 0]))
    const holder = other === undefined ? undefined : now.find((one) => one.servers.includes(other))
    if (holder !== undefined) return `${other} is under change ${holder.change} then, and ${pair.why}`
  }
  return null
}
