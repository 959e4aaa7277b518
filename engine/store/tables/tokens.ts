import { Role } from '@upkeep/contract/person'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { Session } from '../session.ts'
import type { StoredToken, Tokens } from '../tokens.ts'

const minuteMs = 60_000

export function tokens({ db, write }: Session): Tokens {
  return {
    add: ({ name, digest, role, operations, madeBy, at, until }) =>
      write(async (tx) => {
        const there = await tx.selectFrom('tokens').select('name').where('name', '=', name).executeTakeFirst()
        if (there !== undefined) return false
        const scope = operations === null ? null : JSON.stringify(operations)
        const row = {
          name,
          digest,
          role,
          operations: scope,
          made_by: madeBy,
          at,
          until,
          revoked_at: null,
          used_at: null,
        }
        await tx.insertInto('tokens').values(row).execute()
        return true
      }),
    list: async () => {
      const rows = await db.selectFrom('tokens').selectAll().orderBy('at', 'desc').orderBy('name').execute()
      return rows.map(fromRow)
    },
    byDigest: async (digest) => {
      const row = await db.selectFrom('tokens').selectAll().where('digest', '=', digest).executeTakeFirst()
      return row === undefined ? null : fromRow(row)
    },
    revoke: async (name, at) => {
      const ended = await write((tx) =>
        tx
          .updateTable('tokens')
          .set({ revoked_at: at })
          .where('name', '=', name)
          .where('revoked_at', 'is', null)
          .executeTakeFirst(),
      )
      return ended.numUpdatedRows > 0n
    },
    used: async (name, at) => {
      const before = new Date(Date.parse(at) - minuteMs).toISOString()
      await write((tx) =>
        tx
          .updateTable('tokens')
          .set({ used_at: at })
          .where('name', '=', name)
          .where((row) => row.or([row('used_at', 'is', null), row('used_at', '<', before)]))
          .execute(),
      )
    },
  }
}

function fromRow(row: Selectable<Database['tokens']>): StoredToken {
  const { name, digest, at, until } = row
  const operations = row.operations === null ? null : z.array(z.string()).parse(JSON.parse(row.operations))
  const times = { at, until, revokedAt: row.revoked_at, usedAt: row.used_at }
  return { name, digest, role: Role.parse(row.role), operations, madeBy: row.made_by, ...times }
}
