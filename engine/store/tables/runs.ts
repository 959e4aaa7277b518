import { Run } from '@upkeep/contract/run'
import { type RawBuilder, sql } from 'kysely'
import type { Session } from '../session.ts'
import type { Runs } from '../store.ts'
import { type BodyRow, columnText, type RecordTable, recordRows } from './record-table.ts'

export const runTable: RecordTable<Run> = {
  type: 'run',
  name: 'runs',
  columns: {
    round: (run) => run.round,
    duty: (run) => run.duty,
    outcome: (run) => run.outcome,
    started_at: (run) => run.startedAt,
    ended_at: (run) => run.endedAt,
  },
  parse: (body) => Run.parse(body),
}

export function runs(session: Session): Runs {
  const { read, ...rows } = recordRows(session, runTable)
  async function one(query: RawBuilder<BodyRow>): Promise<Run | null> {
    return (await read(query)).at(0) ?? null
  }
  return {
    ...rows,
    latestCompleted: (duty, notAfter) => one(latest(duty, 'completed', 'started_at', notAfter)),
    latestMissed: (duty, notAfter) => one(latest(duty, 'missed', 'ended_at', notAfter)),
    list: ({ duty, limit = 100, offset = 0 } = {}) => {
      const which = duty === undefined ? sql`` : sql`where duty = ${columnText(duty)}`
      return read(sql`select id, body from runs ${which} order by seq desc limit ${limit} offset ${offset}`)
    },
  }
}

/** Instants sort as text. Without a bound the newest by appending is meant, whatever the clock said. */
function latest(duty: string, outcome: string, column: 'started_at' | 'ended_at', notAfter?: string) {
  const which = sql`duty = ${columnText(duty)} and outcome = ${outcome}`
  if (notAfter === undefined) {
    return sql<BodyRow>`select id, body from runs where ${which} order by seq desc limit 1`
  }
  const by = sql.ref(column)
  return sql<BodyRow>`select id, body from runs where ${which} and ${by} <= ${notAfter} order by ${by} desc, seq desc limit 1`
}
