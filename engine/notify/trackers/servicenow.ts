import type { TicketMove, TrackerOf } from '@upkeep/contract/ticket'
import { serviceNowText } from '@upkeep/domain/tickets/servicenow-text'
import { ticketMark, ticketTitle } from '@upkeep/domain/tickets/ticket-text'
import { z } from 'zod'
import type { SendingHands } from '../send-notice.ts'
import { askTracker, Ignored, TrackerRefused, unlessGone, Words } from './ask.ts'
import type { TicketRef, Tracker } from './tracker.ts'

const SysId = z.string().regex(/^[0-9a-f]{32}$/)
const Field = z.object({ value: z.string().nullish(), display_value: Words.nullish() })
const Made = z.object({ result: z.object({ sys_id: SysId, number: Words }) })
const Found = z.object({
  result: z.array(z.object({ sys_id: SysId, number: Words, correlation_id: z.string() })),
})
const Read = z.object({
  result: z.object({ state: Field, active: Field, closed_by: Field.optional(), resolved_by: Field.optional() }),
})
const Notes = z.object({ result: z.array(z.object({ value: z.string() })) })

/** The values of "state" as they are delivered: what is over in them. An instance may have others: then `active` says it. */
const over = { change_request: ['3', '4'], incident: ['6', '7', '8'] } as const
/** What ends an incident has to be said with it. */
const ends = {
  change_request: { done: { close_code: 'successful' }, dropped: { close_code: 'unsuccessful' } },
  incident: { done: { close_code: 'Resolved by change' }, dropped: { close_code: 'No resolution provided' } },
} as const
const maxNotes = 1_000

/** Records of ServiceNow, by its Table API: https://www.servicenow.com/docs/ (REST API reference, Table API). */
export function serviceNowTracker(tracker: TrackerOf<'servicenow'>, hands: SendingHands): Tracker {
  const { at, user, servicenow: table } = tracker
  const ask = askTracker(hands, tracker, (token) => ({
    authorization:
      user === undefined ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`,
  }))
  const records = `/api/now/table/${table}`
  const refOf = ({ sys_id, number }: { sys_id: string; number: string }): TicketRef => ({
    ref: sys_id,
    key: /^[A-Z0-9]{1,40}$/.test(number) ? number : sys_id,
    url: `${at}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${sys_id}`)}`,
  })
  return {
    find: async (change) => {
      const mark = ticketMark(change)
      const query = new URLSearchParams({
        sysparm_query: `correlation_id=${mark}`,
        sysparm_fields: 'sys_id,number,correlation_id',
        sysparm_limit: '10',
      })
      const { value } = await ask({ method: 'GET', path: `${records}?${query}` }, Found)
      // A query that an instance does not understand may be left out by it, and everything found.
      const found = value.result.find(({ correlation_id }) => correlation_id === mark)
      return found === undefined ? null : refOf(found)
    },
    open: async (message) => {
      const mark = ticketMark(message.change)
      const body = {
        short_description: ticketTitle(message.title, 160),
        description: serviceNowText(message, mark),
        correlation_id: mark,
        correlation_display: 'upkeep',
        ...(message.due === null ? {} : { due_date: `${message.due} 00:00:00` }),
      }
      return refOf(
        (await ask({ method: 'POST', path: `${records}?sysparm_fields=sys_id,number`, body }, Made)).value.result,
      )
    },
    read: async (ref) => {
      const query = 'sysparm_display_value=all&sysparm_fields=state,active,closed_by,resolved_by'
      const read = await unlessGone(ask({ method: 'GET', path: `${records}/${ref}?${query}` }, Read))
      if (read === null) return { is: 'gone' }
      const { state, active, closed_by, resolved_by } = read.value.result
      const isOver = over[table].some((one) => one === state.value) || active.value === 'false'
      const by = [closed_by, resolved_by].map((one) => one?.display_value ?? '').find((name) => name !== '')
      return {
        is: isOver ? 'closed' : 'open',
        status: state.display_value ?? state.value ?? '',
        closedBy: isOver ? (by ?? null) : null,
        comments: (await notesOf(ref))?.length ?? null,
      }
    },
    holds: async (ref, mark) => (await notesOf(ref))?.some(({ value }) => value.trimEnd().endsWith(mark)) ?? false,
    comment: async (ref, message, mark) => {
      const body = { work_notes: serviceNowText(message, mark) }
      await ask({ method: 'PATCH', path: `${records}/${ref}?sysparm_fields=sys_id`, body }, Ignored)
    },
    move: async (ref, to) => {
      const state = tracker.moves[to]
      if (state === undefined) return ''
      await ask(
        { method: 'PATCH', path: `${records}/${ref}?sysparm_fields=sys_id`, body: { state, ...endOf(to) } },
        Ignored,
      )
      return 'moved there'
    },
  }

  /** Notes lie in a table of their own, which not everybody may read: null then. */
  async function notesOf(ref: string): Promise<{ value: string }[] | null> {
    const query = new URLSearchParams({
      sysparm_query: `element_id=${ref}^elementINwork_notes,comments`,
      sysparm_fields: 'value',
      sysparm_limit: String(maxNotes),
    })
    const asked = ask({ method: 'GET', path: `/api/now/table/sys_journal_field?${query}` }, Notes)
    return asked.then(
      ({ value }) => value.result,
      (error: unknown) => {
        if (error instanceof TrackerRefused && (error.status === 403 || error.status === 404)) return null
        throw error
      },
    )
  }

  function endOf(to: Exclude<TicketMove, 'stay'>): object {
    if (to === 'begun') return {}
    return {
      ...ends[table][to],
      close_notes: to === 'done' ? 'The change was made.' : 'The change was not made, or taken back.',
    }
  }
}
