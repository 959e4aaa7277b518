import type { Role } from '@upkeep/contract'

/** An address of the door itself, beside those that follow from the operation table. */
export interface OwnRoute {
  readonly path: string
  readonly method: 'get' | 'post'
  readonly id: string
  readonly summary: string
  /** Who may use it; null for whoever comes. */
  readonly role: Role | null
  /** What it answers with, as a media type. */
  readonly type: 'text/calendar'
}

/** Each of them stands in the published description, and is attacked like the others. */
export const ownRoutes: readonly OwnRoute[] = [
  {
    path: '/calendar.ics',
    method: 'get',
    id: 'calendar',
    summary: 'windows, freezes, what is planned and what is due, for a calendar program (iCalendar)',
    role: 'viewer',
    type: 'text/calendar',
  },
]
