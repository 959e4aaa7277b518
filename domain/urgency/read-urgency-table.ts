import { ServerExposure, UrgencyRow, UrgencyTable } from '@upkeep/contract/observations/urgency-table'

const maxCharacters = 1 << 20

/** Reads a table of due dates. Every combination must have exactly one row: else a text says what is wrong. */
export function readUrgencyTable(text: string): UrgencyTable | string {
  if (text.length > maxCharacters) return `it is longer than ${maxCharacters} characters`
  const parsed = UrgencyTable.safeParse(parseJson(text))
  if (!parsed.success) return 'it is not a table of due dates'
  const rows = new Map<string, UrgencyRow[]>()
  for (const row of parsed.data.rows) rows.set(conditionKey(row), [...(rows.get(conditionKey(row)) ?? []), row])
  for (const condition of conditions()) {
    const found = rows.get(conditionKey(condition))?.length ?? 0
    if (found !== 1) return `${conditionKey(condition)}: ${found === 0 ? 'no row' : 'more than one row'}`
  }
  const numbers = new Set(parsed.data.rows.map((row) => row.row))
  return numbers.size === parsed.data.rows.length ? parsed.data : 'two rows have one number'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The four things that a row is chosen by. */
export type UrgencyCondition = Pick<UrgencyRow, 'exploited' | 'exposure' | 'automatable' | 'impact'>

/** A condition in words: the key by which its row is found. */
export function conditionKey({ exploited, exposure, automatable, impact }: UrgencyCondition): string {
  return `exploited ${exploited}, exposure ${exposure}, automatable ${automatable}, impact ${impact}`
}

/** Every condition that a table must answer. */
export function conditions(): UrgencyCondition[] {
  const either = [true, false]
  return either.flatMap((exploited) =>
    ServerExposure.options.flatMap((exposure) =>
      either.flatMap((automatable) =>
        UrgencyRow.shape.impact.options.map((impact) => ({ exploited, exposure, automatable, impact })),
      ),
    ),
  )
}
