import { ClockKind, Run } from '@upkeep/contract/run'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { Round, Rounds } from '../rounds-and-leases.ts'
import type { Session } from '../session.ts'

const StoredDuties = z.array(
  z.strictObject({
    duty: z.string(),
    dutyVersion: z.int(),
    cadence: z.string(),
    reason: Run.shape.reason,
  }),
)
const State = z.enum(['running', 'finished', 'abandoned'])

export function rounds({ db, write }: Session): Rounds {
  async function end(id: string, state: Round['state'], at: string): Promise<void> {
    await write((writer) =>
      writer
        .updateTable('rounds')
        .set({ state, ended_at: at })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .execute(),
    )
  }
  return {
    begin: async (round) => {
      const { practice, duties, ...rest } = round
      const row = {
        ...rest,
        practice: practice ? 1 : 0,
        duties: JSON.stringify(duties),
        state: 'running',
        ended_at: null,
      }
      await write((writer) => writer.insertInto('rounds').values(row).execute())
    },
    finish: (id, at) => end(id, 'finished', at),
    abandon: (id, at) => end(id, 'abandoned', at),
    running: async () => {
      const rows = await db.selectFrom('rounds').selectAll().where('state', '=', 'running').orderBy('seq').execute()
      return rows.map(fromRow)
    },
    get: async (id) => {
      const row = await db.selectFrom('rounds').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : fromRow(row)
    },
  }
}

function fromRow(row: Selectable<Database['rounds']>): Round {
  return {
    id: row.id,
    at: row.at,
    host: row.host,
    pid: row.pid,
    practice: row.practice !== 0,
    clock: ClockKind.parse(row.clock),
    duties: StoredDuties.parse(JSON.parse(row.duties)),
    state: State.parse(row.state),
    endedAt: row.ended_at,
  }
}
