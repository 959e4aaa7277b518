import type { Role } from '@upkeep/contract'
import type { z } from 'zod'
import { BindAnswer, LeaveAnswer, SessionShown } from './access/session-shown.ts'

/** An address of the door itself, beside those that follow from the operation table. */
export interface OwnRoute {
  readonly path: string
  readonly method: 'get' | 'post'
  readonly id: string
  readonly summary: string
  /** Who may use it; null for whoever comes. */
  readonly role: Role | null
  /** What it answers with. */
  readonly answers: { readonly type: 'text/calendar' | 'text/html' | 'application/json' } | z.ZodObject
}

/** Each of them stands in the published description, and is attacked like the others. */
export const ownRoutes: readonly OwnRoute[] = [
  {
    path: '/calendar.ics',
    method: 'get',
    id: 'calendar',
    summary: 'windows, freezes, what is planned and what is due, for a calendar program (iCalendar)',
    role: 'viewer',
    answers: { type: 'text/calendar' },
  },
  {
    path: '/session',
    method: 'get',
    id: 'session',
    summary: 'who is signed in in this browser, and how people sign in here',
    role: null,
    answers: SessionShown,
  },
  {
    path: '/bind',
    method: 'post',
    id: 'bind',
    summary:
      'bind the session of this browser to the page that made this key: from then on it is used with the key alone',
    role: null,
    answers: BindAnswer,
  },
  {
    path: '/leave',
    method: 'post',
    id: 'leave',
    summary: 'sign out in this browser',
    role: null,
    answers: LeaveAnswer,
  },
  {
    path: '/status',
    method: 'get',
    id: 'status-page.html',
    summary: 'which servers can be used now, as a page; for everybody where upkeep.yaml makes it public',
    role: 'viewer',
    answers: { type: 'text/html' },
  },
  {
    path: '/status.json',
    method: 'get',
    id: 'status-page.json',
    summary: 'the same for programs',
    role: 'viewer',
    answers: { type: 'application/json' },
  },
]

/** They are asked without anything: what stands after a question mark would be passed over in silence. */
export const noFields = {
  code: 'bad-input',
  message: 'This address takes no fields.',
  means: 'Nothing was shown.',
  action: 'Leave out what stands after the question mark.',
}
