import { Baseline } from '@upkeep/contract/baseline'
import type { Session } from '../session.ts'
import type { Listed } from '../store.ts'
import { listedRows } from './listed-rows.ts'
import type { RecordTable } from './record-table.ts'

export const baselineTable: RecordTable<Baseline> = {
  type: 'baseline',
  name: 'baselines',
  columns: { at: (baseline) => baseline.at },
  parse: (body) => Baseline.parse(body),
}

export function baselines(session: Session): Listed<Baseline> {
  return listedRows(session, baselineTable)
}
