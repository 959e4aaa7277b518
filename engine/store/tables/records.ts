import { sql } from 'kysely'
import type { Session } from '../session.ts'
import type { ColumnMismatch, Records, RecordType } from '../store.ts'
import { acceptanceTable } from './acceptances.ts'
import { attestationTable } from './attestations.ts'
import { baselineTable } from './baselines.ts'
import { changeTable } from './changes.ts'
import { consentTable } from './consents.ts'
import { findingTable } from './findings.ts'
import { keyTable } from './keys.ts'
import { personKeyTable } from './person-keys.ts'
import { columnText, extractColumns, parseBody, type RecordTable } from './record-table.ts'
import { runTable } from './runs.ts'

const pageSize = 1_000

const names: Readonly<Record<RecordType, string>> = {
  run: runTable.name,
  finding: findingTable.name,
  acceptance: acceptanceTable.name,
  baseline: baselineTable.name,
  attestation: attestationTable.name,
  consent: consentTable.name,
  change: changeTable.name,
  'person-key': personKeyTable.name,
  key: keyTable.name,
}

export function records(session: Session): Records {
  return {
    get: async (type, id) => {
      const query = sql<{ body: string }>`select body from ${sql.table(names[type])} where id = ${columnText(id)}`
      return (await query.execute(session.db)).rows.at(0)?.body ?? null
    },
    ids: async (type) => {
      const query = sql<{ id: string }>`select id from ${sql.table(names[type])} order by seq`
      return (await query.execute(session.db)).rows.map((row) => row.id)
    },
    columnMismatches: async () => [
      ...(await mismatchesOf(session, runTable)),
      ...(await mismatchesOf(session, findingTable)),
      ...(await mismatchesOf(session, acceptanceTable)),
      ...(await mismatchesOf(session, baselineTable)),
      ...(await mismatchesOf(session, attestationTable)),
      ...(await mismatchesOf(session, consentTable)),
      ...(await mismatchesOf(session, changeTable)),
      ...(await mismatchesOf(session, personKeyTable)),
      ...(await mismatchesOf(session, keyTable)),
    ],
  }
}

type StoredRow = Readonly<Record<string, unknown>> & { id: string; body: string }

async function mismatchesOf<Item extends { readonly id: string }>(
  session: Session,
  table: RecordTable<Item>,
): Promise<ColumnMismatch[]> {
  const found: ColumnMismatch[] = []
  for (let offset = 0; ; offset += pageSize) {
    const query = sql<StoredRow>`select * from ${sql.table(table.name)} order by seq limit ${pageSize} offset ${offset}`
    const { rows } = await query.execute(session.db)
    for (const row of rows) {
      for (const column of differing(table, row)) found.push({ type: table.type, id: row.id, column })
    }
    if (rows.length < pageSize) return found
  }
}

function differing<Item extends { readonly id: string }>(table: RecordTable<Item>, row: StoredRow): string[] {
  try {
    const drawn = Object.entries(extractColumns(table, parseBody(table, row)))
    return drawn.filter(([column, value]) => row[column] !== value).map(([column]) => column)
  } catch {
    return ['body']
  }
}
