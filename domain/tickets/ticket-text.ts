import type { TicketMessage } from '@upkeep/contract/ticket'
import { plainText } from '../notices/notice-text.ts'

const maxLines = 60
const maxSections = 12
const maxLine = 300

/** The sign by which the ticket of a change is found again. It stands in the ticket itself. */
export function ticketMark(change: string): string {
  return `upkeep-change:${change}`
}

/** The sign by which a comment is found again: a message has one id, however often it is sent. */
export function noteMark(message: string): string {
  return `upkeep-note:${message}`
}

/**
 * The title of a ticket on one line. Titles have no way to quote: what would mention somebody or refer to something there is written so that it can be read and
 * does not. `most`: characters that the tracker takes.
 */
export function ticketTitle(title: string, most: number): string {
  const plain = plainText(title, most)
    .replaceAll('@', '(at)')
    .replaceAll(/([#!~%&$^*`_<>|\\])(?=\S)/g, '$1 ')
  return cut(plain, most)
}

/** The sections of a message as plain lines, bounded, with nothing hidden in them and nothing that can be followed. */
export function ticketSections(message: Pick<TicketMessage, 'sections'>): { heading: string; lines: string[] }[] {
  return message.sections.slice(0, maxSections).map(({ heading, lines }) => {
    const shown = lines.slice(0, maxLines).map((line) => plainText(line, maxLine))
    const left = lines.length - shown.length
    return { heading, lines: left > 0 ? [...shown, `… ${left} more lines`] : shown }
  })
}

/** Cut to a length, never inside of what stands for one character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length > most - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Sections in a bound: what does not fit is left out whole, and said. */
export function fitted(blocks: readonly string[], tail: string, most: number): string {
  const said = 'More is left out here: upkeep has all of it.'
  const kept: string[] = []
  let length = tail.length + said.length + 10
  for (const block of blocks) {
    if (length + block.length + 2 > most) return [...kept, said, tail].join('\n\n')
    kept.push(block)
    length += block.length + 2
  }
  return [...kept, tail].join('\n\n')
}

/** Whether a text bears this sign as the last one of its kind: what stands before it came from outside, and may say anything. */
export function endsWithMark(text: string, mark: string): boolean {
  const kind = mark.slice(0, mark.indexOf(':') + 1)
  const at = text.lastIndexOf(kind)
  return at !== -1 && text.startsWith(mark, at) && !/[0-9A-Za-z-]/.test(text.charAt(at + mark.length))
}
