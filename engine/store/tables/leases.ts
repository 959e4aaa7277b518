import type { Db } from '../database.ts'
import type { LeaseAnswer, LeaseRequest, Leases } from '../rounds-and-leases.ts'
import type { Session } from '../session.ts'

export function leases({ write }: Session): Leases {
  return {
    acquire: (request) => write((db) => take(db, request, null)),
    takeOver: (request) => write((db) => take(db, request, request.from)),
    renew: (request) => write((db) => renew(db, request)),
    release: async ({ name, holder }) => {
      await write((db) => db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute())
    },
  }
}

interface Seen {
  readonly holder: string
  readonly until: string
}

/** The writer is alone, so that nobody else takes the lease between the look and the writing. */
async function take(db: Db, request: LeaseRequest, from: Seen | null): Promise<LeaseAnswer> {
  const row = await db.selectFrom('leases').selectAll().where('name', '=', request.name).executeTakeFirst()
  const free = row === undefined || row.until <= request.now || row.holder === request.holder
  const isAsSeen = row?.holder === from?.holder && row?.until === from?.until
  if (!free && !isAsSeen) return { held: false, holder: row.holder, since: row.since, until: row.until }
  const values = { name: request.name, holder: request.holder, since: request.now, until: endOf(request) }
  await db.deleteFrom('leases').where('name', '=', request.name).execute()
  await db.insertInto('leases').values(values).execute()
  return { held: true }
}

async function renew(db: Db, request: LeaseRequest): Promise<boolean> {
  const query = db.updateTable('leases').set({ until: endOf(request) })
  const own = query.where('name', '=', request.name).where('holder', '=', request.holder)
  return (await own.executeTakeFirst()).numUpdatedRows > 0n
}

function endOf({ now, ttlSeconds }: LeaseRequest): string {
  return new Date(Date.parse(now) + ttlSeconds * 1_000).toISOString()
}
