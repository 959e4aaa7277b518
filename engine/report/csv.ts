import { csvDocument } from '@upkeep/domain/printable-escape'

export type CsvValue = string | number | boolean | null

/** A list as CSV. On a practice fleet or under a simulated clock every row says so in a last column. */
export function renderCsv(
  columns: readonly string[],
  rows: readonly (readonly CsvValue[])[],
  stamps: readonly string[],
): string {
  if (stamps.length === 0) return csvDocument(columns, rows)
  const stamp = stamps.join('; ')
  return csvDocument(
    [...columns, 'stamp'],
    rows.map((row) => [...row, stamp]),
  )
}
