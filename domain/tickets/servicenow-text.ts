import type { TicketMessage } from '@upkeep/contract/ticket'
import { fitted, ticketSections } from './ticket-text.ts'

/** What a description takes. */
const maxText = 3_900

/**
 * A message for fields of ServiceNow, which are plain text but for what journals show of `[code]`: HTML. Square brackets are written as round ones, so that
 * neither that nor a mention is in it.
 */
export function serviceNowText(message: TicketMessage, mark: string): string {
  const blocks = ticketSections(message).map(({ heading, lines }) =>
    [...(heading === '' ? [] : [heading.toUpperCase()]), ...lines.map(round)].join('\n'),
  )
  return fitted(blocks, mark, maxText)
}

function round(line: string): string {
  return line.replaceAll('[', '(').replaceAll(']', ')')
}
