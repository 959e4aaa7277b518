import type { ExpressionBuilder, Insertable, Selectable } from 'kysely'
import { z } from 'zod'
import type { Database, Db } from '../database.ts'
import type { Deliveries, Delivery } from '../deliveries.ts'
import type { Session } from '../session.ts'

const keptMs = 183 * 86_400_000
const maxListed = 100_000
const maxClaimed = 50
const State = z.enum(['due', 'held', 'for-digest', 'in-digest', 'delivered', 'failed', 'not-sent'])

export function deliveries({ db, write }: Session): Deliveries {
  return {
    add: (delivery, { once } = { once: false }) => write((tx) => add(tx, delivery, once)),
    claim: ({ now, until, via, id }) =>
      write(async (tx) => {
        let due = tx
          .selectFrom('deliveries')
          .selectAll()
          .where('state', 'in', ['due', 'held'])
          .where('next_at', '<=', now)
          .where('via', 'in', via)
          // What is told of one matter arrives in its order: that it is over never before that it began.
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('deliveries as earlier')
                  .select('earlier.id')
                  .whereRef('earlier.channel', '=', 'deliveries.channel')
                  .whereRef('earlier.recipient', '=', 'deliveries.recipient')
                  .whereRef('earlier.thread', '=', 'deliveries.thread')
                  .whereRef('earlier.seq', '<', 'deliveries.seq')
                  .where('earlier.state', 'in', ['due', 'held']),
              ),
            ),
          )
        if (id !== undefined) due = due.where('id', '=', id)
        const rows = await due.orderBy('seq').limit(maxClaimed).execute()
        const claimed: Delivery[] = []
        for (const row of rows) {
          const taken = { state: 'due', next_at: until, attempts: Number(row.attempts) + 1 }
          await tx.updateTable('deliveries').set(taken).where('id', '=', row.id).execute()
          claimed.push(fromRow({ ...row, ...taken }))
        }
        return claimed
      }),
    end: async (id, { state, why, nextAt, at }) => {
      const ended_at = state === 'due' ? null : at
      await write((tx) =>
        tx.updateTable('deliveries').set({ state, why, next_at: nextAt, ended_at }).where('id', '=', id).execute(),
      )
    },
    forDigest: async (now) => {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('state', '=', 'for-digest')
        .where('next_at', '<=', now)
        .orderBy('seq')
        .limit(maxListed)
        .execute()
      return rows.map(fromRow)
    },
    gather: async (ids, digest, at) => {
      const said = { state: 'in-digest', digest, ended_at: at, next_at: null }
      await write(async (tx) => {
        for (const id of ids) await tx.updateTable('deliveries').set(said).where('id', '=', id).execute()
      })
    },
    open: async () => {
      const rows = await db.selectFrom('deliveries').selectAll().where('opens', '=', 1).orderBy('seq').execute()
      return rows.map(fromRow)
    },
    closeThread: async (thread) => {
      await write((tx) => tx.updateTable('deliveries').set({ opens: 0 }).where('thread', '=', thread).execute())
    },
    list: async ({ channel, limit = maxListed } = {}) => {
      let all = db.selectFrom('deliveries').selectAll()
      if (channel !== undefined) all = all.where('channel', '=', channel)
      return (await all.orderBy('seq', 'desc').limit(limit).execute()).map(fromRow)
    },
    latest: async () => {
      const tried = db
        .selectFrom('deliveries')
        .where(({ or, and, eb }) =>
          or([
            eb('state', 'in', ['delivered', 'failed']),
            and([eb('state', '=', 'due'), eb('attempts', '>', 0), eb('why', '!=', '')]),
          ]),
        )
      const each = await tried.select(['channel', 'recipient']).distinct().execute()
      const rows = await Promise.all(
        each.map(({ channel, recipient }) =>
          tried
            .selectAll()
            .where('channel', '=', channel)
            .where('recipient', '=', recipient)
            .orderBy('seq', 'desc')
            .limit(1)
            .executeTakeFirst(),
        ),
      )
      return rows.flatMap((row) => (row === undefined ? [] : [fromRow(row)]))
    },
    lost: async () => {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where(isLost)
        .orderBy('seq', 'desc')
        .limit(maxListed)
        .execute()
      return rows.map(fromRow)
    },
    see: async (ids, by) => {
      await write(async (tx) => {
        for (const delivery_id of ids)
          await tx
            .insertInto('seen_deliveries')
            .values({ delivery_id, ...by })
            .onConflict((of) => of.column('delivery_id').doNothing())
            .execute()
      })
    },
    waiting: async () => {
      const rows = await db
        .selectFrom('deliveries')
        .select((row) => ['channel', row.fn.countAll().as('waiting')])
        .where('state', 'in', ['due', 'held', 'for-digest'])
        .groupBy('channel')
        .execute()
      return new Map(rows.map(({ channel, waiting }) => [channel, Number(waiting)]))
    },
  }
}

async function add(tx: Db, delivery: Delivery, once: boolean): Promise<Delivery> {
  const oldest = new Date(Date.parse(delivery.at) - keptMs).toISOString()
  await tx
    .deleteFrom('deliveries')
    .where('ended_at', '<', oldest)
    .where('opens', '=', 0)
    .where((eb) => eb.not(isLost(eb)))
    .execute()
  await tx
    .deleteFrom('seen_deliveries')
    .where('at', '<', oldest)
    .where('delivery_id', 'not in', ({ selectFrom }) => selectFrom('deliveries').select('id'))
    .execute()
  const kept = once && delivery.opens && (await isTold(tx, delivery)) ? again(delivery) : delivery
  await tx.insertInto('deliveries').values(toRow(kept)).execute()
  return kept
}

/** What was given up, was said there by nothing later, and was seen by nobody. */
function isLost({ and, eb, not, exists, selectFrom }: ExpressionBuilder<Database, 'deliveries'>) {
  const saidLater = selectFrom('deliveries as later')
    .select('later.id')
    .whereRef('later.channel', '=', 'deliveries.channel')
    .whereRef('later.recipient', '=', 'deliveries.recipient')
    .whereRef('later.thread', '=', 'deliveries.thread')
    .whereRef('later.seq', '>', 'deliveries.seq')
    .where('later.state', '=', 'delivered')
  const seen = selectFrom('seen_deliveries').select('delivery_id').whereRef('delivery_id', '=', 'deliveries.id')
  return and([
    eb('deliveries.state', '=', 'failed'),
    eb('deliveries.event', 'not in', ['test', 'ticket-opened']),
    eb('deliveries.via', '!=', 'heartbeat'),
    not(exists(saidLater)),
    not(exists(seen)),
  ])
}

/** What was given up does not count as told. */
async function isTold(tx: Db, { channel, recipient, thread, event }: Delivery): Promise<boolean> {
  const row = await tx
    .selectFrom('deliveries')
    .select('id')
    .where('channel', '=', channel)
    .where('recipient', '=', recipient)
    .where('thread', '=', thread)
    .where('event', '=', event)
    .where('opens', '=', 1)
    .where('state', '!=', 'failed')
    .executeTakeFirst()
  return row !== undefined
}

function again(delivery: Delivery): Delivery {
  const why = 'it was told there already, and nothing said since that it is over'
  return { ...delivery, opens: false, state: 'not-sent', why, nextAt: null, endedAt: delivery.at }
}

function toRow({ nextAt, endedAt, opens, ...rest }: Delivery): Insertable<Database['deliveries']> {
  return { ...rest, opens: opens ? 1 : 0, next_at: nextAt, ended_at: endedAt }
}

function fromRow({
  seq: _,
  next_at,
  ended_at,
  opens,
  attempts,
  state,
  ...rest
}: Selectable<Database['deliveries']>): Delivery {
  return {
    ...rest,
    opens: Number(opens) === 1,
    attempts: Number(attempts),
    state: State.parse(state),
    nextAt: next_at,
    endedAt: ended_at,
  }
}
