import type { TrackerOf } from '@upkeep/contract/ticket'
import { jiraDocument, jiraWiki } from '@upkeep/domain/tickets/jira-text'
import { endsWithMark, ticketMark, ticketTitle } from '@upkeep/domain/tickets/ticket-text'
import { z } from 'zod'
import type { SendingHands } from '../send-notice.ts'
import { askTracker, Ignored, TrackerRefused, unlessGone, Words } from './ask.ts'
import type { TicketRef, Tracker } from './tracker.ts'

const Id = z.string().regex(/^\d{1,20}$/)
const Key = z.string().regex(/^[A-Z][A-Z0-9_]{1,99}-\d{1,12}$/)
const Status = z.object({ name: Words, statusCategory: z.object({ key: Words }) })
const Created = z.object({ id: Id, key: Key })
const Found = z.object({
  issues: z.array(z.object({ id: Id, key: Key, fields: z.object({ labels: z.array(z.string()) }) })),
})
const History = z.object({
  author: z.object({ displayName: Words }).nullish(),
  created: z.string(),
  items: z.array(z.object({ field: z.string() })),
})
const Read = z.object({
  key: Key,
  fields: z.object({ status: Status }),
  changelog: z.object({ histories: z.array(History) }).optional(),
})
const Comments = z.object({
  total: z.int().nonnegative(),
  comments: z.array(z.object({ body: z.unknown() })),
})
const Transitions = z.object({
  transitions: z.array(z.object({ id: Id, name: z.string(), to: Status })),
})

const pageSize = 100
const maxPages = 20
const categories = { begun: 'indeterminate', done: 'done', dropped: 'done' } as const

/**
 * Issues of Jira: Cloud by REST v3 (https://developer.atlassian.com/cloud/jira/platform/rest/v3/), Data Center by REST v2
 * (https://docs.atlassian.com/software/jira/docs/api/REST/latest/). They differ in how texts are written, how one signs in, and where one searches.
 */
export function jiraTracker(tracker: TrackerOf<'jira'>, hands: SendingHands): Tracker {
  const isCloud = tracker.deployment === 'cloud'
  const ask = askTracker(hands, tracker, (token) => ({
    authorization: isCloud ? `Basic ${Buffer.from(`${tracker.user}:${token}`).toString('base64')}` : `Bearer ${token}`,
  }))
  const api = `/rest/api/${isCloud ? '3' : '2'}`
  const written = isCloud ? jiraDocument : jiraWiki
  const refOf = ({ id, key }: z.infer<typeof Created>): TicketRef => ({
    ref: id,
    key,
    url: `${tracker.at}/browse/${key}`,
  })
  const commentsFrom = (ref: string, startAt: number, maxResults: number) =>
    ask({ method: 'GET', path: `${api}/issue/${ref}/comment?startAt=${startAt}&maxResults=${maxResults}` }, Comments)
  return {
    find: async (change) => {
      const label = labelOf(change)
      const body = { jql: `project = "${tracker.jira}" AND labels = "${label}"`, maxResults: 10, fields: ['labels'] }
      const { value } = await ask({ method: 'POST', path: `${api}/search${isCloud ? '/jql' : ''}`, body }, Found)
      const found = value.issues.find(({ fields }) => fields.labels.includes(label))
      return found === undefined ? null : refOf(found)
    },
    open: async (message) => {
      const fields = {
        project: { key: tracker.jira },
        issuetype: { name: tracker.issueType },
        summary: ticketTitle(message.title, 255),
        description: written(message, ticketMark(message.change)),
        labels: [...tracker.labels, labelOf(message.change)],
      }
      const post = (all: object) => ask({ method: 'POST', path: `${api}/issue`, body: { fields: all } }, Created)
      if (message.due === null) return refOf((await post(fields)).value)
      // Not every project shows a day by which things are due where issues are made.
      const opened = await post({ ...fields, duedate: message.due }).catch((error: unknown) => {
        if (error instanceof TrackerRefused && error.fields.join() === 'duedate') return post(fields)
        throw error
      })
      return refOf(opened.value)
    },
    read: async (ref) => {
      const path = `${api}/issue/${ref}?fields=status&expand=changelog`
      const read = await unlessGone(ask({ method: 'GET', path }, Read))
      if (read === null) return { is: 'gone' }
      const { status } = read.value.fields
      const { total } = (await commentsFrom(ref, 0, 1)).value
      const isClosed = status.statusCategory.key === 'done'
      const closedBy = isClosed ? lastMover(read.value.changelog?.histories ?? []) : null
      return { is: isClosed ? 'closed' : 'open', status: status.name, closedBy, comments: total }
    },
    holds: async (ref, mark) => {
      for (let page = 0; page < maxPages; page += 1) {
        const { value } = await commentsFrom(ref, page * pageSize, pageSize)
        if (value.comments.some(({ body }) => endsWithMark(JSON.stringify(body ?? ''), mark))) return true
        if (value.comments.length === 0 || (page + 1) * pageSize >= value.total) return false
      }
      return false
    },
    comment: async (ref, message, mark) => {
      await ask(
        { method: 'POST', path: `${api}/issue/${ref}/comment`, body: { body: written(message, mark) } },
        Ignored,
      )
    },
    move: async (ref, to) => {
      const path = `${api}/issue/${ref}/transitions`
      const { transitions } = (await ask({ method: 'GET', path }, Transitions)).value
      const named = tracker.moves[to]
      const way = transitions.find((one) =>
        named === undefined ? one.to.statusCategory.key === categories[to] : one.name === named,
      )
      if (way === undefined)
        return named === undefined
          ? `no transition leads from where it is to a state of the category "${categories[to]}"`
          : `the transition "${named}" does not lead on from where it is`
      await ask({ method: 'POST', path, body: { transition: { id: way.id } } }, Ignored)
      return 'moved there'
    },
  }
}

/** By this label the ticket is found again. */
function labelOf(change: string): string {
  return `upkeep-${change}`
}

/** Who moved it last: its changes are newest first on Cloud and oldest first on Data Center. */
function lastMover(histories: readonly z.infer<typeof History>[]): string | null {
  const moved = histories.filter(({ items }) => items.some(({ field }) => field === 'status'))
  const [last] = moved.toSorted((one, other) => Date.parse(other.created) - Date.parse(one.created))
  return last?.author?.displayName ?? null
}
