import { sql } from 'kysely'
import type { Database, Db } from '../database.ts'
import type { Session } from '../session.ts'
import { type Ledger, type LedgerLeaf, type RecordType, recordTypes } from '../store.ts'
import { columnText } from './record-table.ts'

const leavesPerStatement = 500

export function ledger(session: Session): Ledger {
  return {
    append: (leaves) => session.write((db) => append(db, leaves)),
    size: () => sizeOf(session.db),
    range: async (from, to) => {
      const query = session.db.selectFrom('ledger').selectAll().where('position', '>=', from).where('position', '<', to)
      const rows = await query.orderBy('position').execute()
      return rows.map(leafFrom)
    },
    leafOf: async (type, recordId) => {
      const query = session.db
        .selectFrom('ledger')
        .selectAll()
        .where('record_id', '=', columnText(recordId))
        .where('type', '=', type)
      const row = await query.orderBy('position').limit(1).executeTakeFirst()
      return row === undefined ? null : leafFrom(row)
    },
  }
}

function leafFrom(row: Database['ledger']): LedgerLeaf {
  return {
    index: row.position,
    type: typeOf(row.type),
    recordId: row.record_id,
    leafHash: row.leaf_hash,
    at: row.at,
  }
}

/** The writer is alone, so that what it reads as the size is where its first leaf goes. */
async function append(db: Db, leaves: readonly Omit<LedgerLeaf, 'index'>[]): Promise<void> {
  let position = await sizeOf(db)
  for (let start = 0; start < leaves.length; start += leavesPerStatement) {
    const rows = leaves.slice(start, start + leavesPerStatement).map((leaf) => {
      const row = [position, leaf.type, columnText(leaf.recordId), leaf.leafHash, leaf.at]
      position += 1
      return sql`(${sql.join(row)})`
    })
    await sql`insert into ledger (position, type, record_id, leaf_hash, at) values ${sql.join(rows)}`.execute(db)
  }
}

async function sizeOf(db: Db): Promise<number> {
  const row = await db
    .selectFrom('ledger')
    .select((of) => of.fn.max('position').as('last'))
    .executeTakeFirst()
  return row === undefined || row.last === null ? 0 : row.last + 1
}

function typeOf(text: string): RecordType {
  const type = recordTypes.find((known) => known === text)
  if (type === undefined) throw new Error('the ledger holds a leaf of a type that is not known')
  return type
}
