import { UserError } from '@upkeep/contract'
import { printableJson } from '@upkeep/domain/printable-json'
import { renderCsv } from '@upkeep/engine/report/csv'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import { layParts } from '@upkeep/engine/report/rows'
import type { Answer } from '../operations/operation.ts'

/** An answer in the form that was asked for. */
export function answerText(
  answer: Answer<unknown>,
  form: { json: boolean; csv: boolean; style: TerminalStyle },
): string {
  if (form.json) return `${printableJson(answer.output)}\n`
  if (!form.csv) return stamped(answer, form.style)
  if (answer.table === undefined)
    throw new UserError('bad-input', 'This is not a list, so there is no table of it.', 'Use --json instead of --csv.')
  return renderCsv(answer.table.columns, answer.table.rows, answer.stamps ?? [])
}

/** The report carries its stamps itself; anything else has them put in front. */
function stamped(answer: Answer<unknown>, style: TerminalStyle): string {
  const text = answer.text(style)
  const missing = (answer.stamps ?? []).filter((stamp) => !text.includes(stamp.split(':')[0] ?? stamp))
  return `${missing
    .flatMap((stamp) => layParts([stamp], style))
    .map((line) => `${line}\n`)
    .join('')}${text}`
}
