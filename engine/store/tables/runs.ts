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
    latestCompleted: (duty, notAfter) => one(latestCompleted(duty, notAfter)),
    firstCompletedAfter: (duty, after) =>
      one(sql`${ofDuty(duty, 'completed')} and started_at > ${after} order by started_at, seq limit 1`),
    latestMissed: (duty, sinceRun) => {
      const since = sinceRun === undefined ? sql`` : sql`and seq > ${seqOf(sinceRun)}`
      return one(sql`${ofDuty(duty, 'missed')} ${since} order by seq desc limit 1`)
    },
    list: ({ duty, limit = 100, offset = 0 } = {}) => {
      const which = duty === undefined ? sql`` : sql`where duty = ${columnText(duty)}`
      return read(sql`select id, body from runs ${which} order by seq desc limit ${limit} offset ${offset}`)
    },
  }
}

/** Instants sort as text. Without a bound the newest by appending is meant, whatever the clock said. */
function latestCompleted(duty: string, notAfter?: string) {
  if (notAfter === undefined) return sql<BodyRow>`${ofDuty(duty, 'completed')} order by seq desc limit 1`
  return sql<BodyRow>`${ofDuty(duty, 'completed')} and started_at <= ${notAfter} order by started_at desc, seq desc limit 1`
}

function ofDuty(duty: string, outcome: Run['outcome']) {
  return sql<BodyRow>`select id, body from runs where duty = ${columnText(duty)} and outcome = ${outcome}`
}

function seqOf(run: string) {
  return sql`coalesce((select seq from runs where id = ${columnText(run)}), 0)`
}
