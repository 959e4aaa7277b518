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
  readonly type: 'text/calendar' | 'text/html' | 'application/json'
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
  {
    path: '/status',
    method: 'get',
    id: 'status-page.html',
    summary: 'which servers can be used now, as a page; for everybody where upkeep.yaml makes it public',
    role: 'viewer',
    type: 'text/html',
  },
  {
    path: '/status.json',
    method: 'get',
    id: 'status-page.json',
    summary: 'the same for programs',
    role: 'viewer',
    type: 'application/json',
  },
]

/** They are asked without anything: what stands after a question mark would be passed over in silence. */
export const noFields = {
  code: 'bad-input',
  message: 'This address takes no fields.',
  means: 'Nothing was shown.',
  action: 'Leave out what stands after the question mark.',
}
