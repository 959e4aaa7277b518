import { type RecordType, recordTypes, type Store } from '../store/store.ts'
import { type ProblemLog, report } from './problems.ts'

/** Checks the record tables against the ledger: nothing that is not sealed, the same order, and columns that say what the body says. */
export async function checkTables(store: Store, sealed: ReadonlyMap<string, number>, log: ProblemLog): Promise<number> {
  let records = 0
  for (const type of recordTypes) records += await checkTable(store, type, sealed, log)
  for (const { type, id, column } of await store.records.columnMismatches()) {
    const where = { index: sealed.get(`${type} ${id}`) ?? null, record: { type, id } }
    report(log, 'column-differs', `the column "${column}" does not say what the record says`, where)
  }
  return records
}

async function checkTable(
  store: Store,
  type: RecordType,
  sealed: ReadonlyMap<string, number>,
  log: ProblemLog,
): Promise<number> {
  const ids = await store.records.ids(type)
  let last = -1
  for (const id of ids) {
    const index = sealed.get(`${type} ${id}`)
    const record = { type, id }
    if (index === undefined) {
      report(log, 'record-unsealed', 'it is in the store, and no leaf is about it', { record })
      continue
    }
    if (index < last) report(log, 'order-changed', `it was stored after the record of leaf ${last}`, { index, record })
    last = Math.max(last, index)
  }
  return ids.length
}
