import { z } from 'zod'
import type { Session } from '../session.ts'
import type { KeyRecord, Listed } from '../store.ts'
import { listedRows } from './listed-rows.ts'
import type { RecordTable } from './record-table.ts'

/** What every key record has; the rest is the evidence stage's to read. */
const StoredKey = z.looseObject({ id: z.string(), at: z.string() })

export const keyTable: RecordTable<KeyRecord> = {
  type: 'key',
  name: 'keys',
  columns: { at: (key) => key.at },
  parse: (body) => StoredKey.parse(body),
}

export function keys(session: Session): Listed<KeyRecord> {
  return listedRows(session, keyTable)
}
