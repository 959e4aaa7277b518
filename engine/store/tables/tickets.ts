import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { Session } from '../session.ts'
import type { Ticket, Tickets } from '../tickets.ts'

const State = z.enum(['open', 'closed', 'gone']).nullable()

export function tickets({ db, write }: Session): Tickets {
  return {
    get: async (change) => {
      const row = await db.selectFrom('tickets').selectAll().where('change_id', '=', change).executeTakeFirst()
      return row === undefined ? null : fromRow(row)
    },
    list: async () => (await db.selectFrom('tickets').selectAll().orderBy('change_id', 'desc').execute()).map(fromRow),
    behind: async () => {
      const steps = sql<number>`(select count(*) from change_steps
        where change_steps.change_id = tickets.change_id and change_steps.step <> 'notified')`
      const rows = await db
        .selectFrom('tickets')
        .select('change_id')
        .where('told', '<', steps)
        .orderBy('change_id')
        .execute()
      return rows.map(({ change_id }) => change_id)
    },
    put: async (ticket) => {
      await write((tx) => tx.insertInto('tickets').values(toRow(ticket)).execute())
    },
    update: async (change, what) => {
      await write((tx) => tx.updateTable('tickets').set(columnsOf(what)).where('change_id', '=', change).execute())
    },
  }
}

function columnsOf({ closedBy, seenAt, change: _, ...rest }: Partial<Ticket>) {
  return {
    ...rest,
    ...(closedBy === undefined ? {} : { closed_by: closedBy }),
    ...(seenAt === undefined ? {} : { seen_at: seenAt }),
  }
}

function toRow({ change, closedBy, seenAt, ...rest }: Ticket): Database['tickets'] {
  return { ...rest, change_id: change, closed_by: closedBy, seen_at: seenAt }
}

function fromRow({
  change_id,
  closed_by,
  seen_at,
  told,
  comments,
  state,
  ...rest
}: Selectable<Database['tickets']>): Ticket {
  return {
    ...rest,
    change: change_id,
    told: Number(told),
    comments: comments === null ? null : Number(comments),
    state: State.parse(state),
    closedBy: closed_by,
    seenAt: seen_at,
  }
}
