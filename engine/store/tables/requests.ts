import type { Requests } from '../requests.ts'
import type { Session } from '../session.ts'

const keptDays = 30

export function requests({ write }: Session): Requests {
  return {
    begin: ({ id, asked, process, at }) =>
      write(async (db) => {
        const oldest = new Date(Date.parse(at) - keptDays * 86_400_000).toISOString()
        await db.deleteFrom('requests').where('at', '<', oldest).execute()
        const row = await db.selectFrom('requests').selectAll().where('id', '=', id).executeTakeFirst()
        if (row === undefined) {
          await db.insertInto('requests').values({ id, asked, process, commits: 0, answer: null, at }).execute()
          return { state: 'new' }
        }
        if (row.answer !== null) return { state: 'done', asked: row.asked, answer: row.answer }
        return { state: 'begun', asked: row.asked, process: row.process, commits: Number(row.commits) }
      }),
    takeOver: async (id, process) => {
      await write((db) => db.updateTable('requests').set({ process }).where('id', '=', id).execute())
    },
    count: async (id) => {
      await write((db) =>
        db
          .updateTable('requests')
          .set((row) => ({ commits: row('commits', '+', 1) }))
          .where('id', '=', id)
          .execute(),
      )
    },
    end: async (id, answer) => {
      await write((db) => db.updateTable('requests').set({ answer }).where('id', '=', id).execute())
    },
    drop: async (id) => {
      const gone = await write((db) =>
        db.deleteFrom('requests').where('id', '=', id).where('commits', '=', 0).executeTakeFirst(),
      )
      return gone.numDeletedRows > 0n
    },
  }
}
