import { terminalText } from '@upkeep/domain/printable-escape'

/** What the terminal can show. Colour is never the only carrier: words and position say the same. */
export interface TerminalStyle {
  /** Columns to fill; clamped to what reads well. */
  width: number
  colour: boolean
  /** No character outside ASCII. */
  ascii: boolean
  /** Absolute dates beside distances. */
  verbose: boolean
}

const codes = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const
export type Tone = keyof typeof codes

/** Colours text of ours that is printable already. */
export function paint(style: TerminalStyle, tone: Tone, text: string): string {
  return style.colour && text !== '' ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text
}

/** Text from anywhere, fit for this terminal. */
export function plain(style: TerminalStyle, text: string, maxLength = 300): string {
  return terminalText(text, { maxLength, ascii: style.ascii })
}

/** Columns that are used: at least what holds a word, at most what an eye follows. */
export function usableWidth(style: TerminalStyle): number {
  return Math.min(120, Math.max(40, style.width))
}

/** `one server`, `2 servers`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}
