import { type PrintableOptions, printable } from './printable.ts'

const htmlEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Safe as HTML text and inside a quoted attribute. */
export function htmlText(text: string, options?: PrintableOptions): string {
  return printable(text, options).replace(/[&<>"']/g, (character) => htmlEntities[character] ?? '')
}

/** Safe as one line of Markdown prose or a table cell: nothing in it is read as markup, link or HTML. */
export function markdownText(text: string, options?: PrintableOptions): string {
  return printable(text, { ...options, newlines: 'mark' })
    .replace(/[\\`*_{}[\]()#+\-.!|~>:@$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
}

/**
 * One CSV field (RFC 4180). A spreadsheet runs a field that begins with `= + - @`, a tab or a full-width twin of these: an apostrophe
 * in front makes it text. Plain numbers stay numbers.
 */
export function csvField(value: string | number | boolean | null, options?: PrintableOptions): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const text = printable(value, { maxLength: 10_000, ...options })
  const harmless = startsFormula(text) ? `'${text}` : text
  return /[",\n;]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function startsFormula(text: string): boolean {
  return /^[\s"';,]*[=+\-@|%＝＋－＠]/.test(text)
}

/** One CSV document with CRLF line ends, as RFC 4180 has it. */
export function csvDocument(
  columns: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string {
  const lines = [columns, ...rows].map((row) => row.map((value) => csvField(value)).join(','))
  return `${lines.join('\r\n')}\r\n`
}

/** Safe in a terminal, on one line. Without Unicode every other character becomes a mark too. */
export function terminalText(text: string, options?: PrintableOptions & { ascii?: boolean }): string {
  const shown = printable(text, options)
  return options?.ascii === true ? asciiOnly(shown) : shown
}

/** The same words in ASCII: our own signs have a twin, anything else is shown by its number. */
export function asciiOnly(text: string): string {
  return text.replace(/[^\n\x20-\x7e]/gu, (character) => asciiTwins[character] ?? numbered(character))
}

const asciiTwins: Record<string, string> = {
  '⟨': '<',
  '⟩': '>',
  '…': '...',
  '·': '-',
  '●': 'o',
  '▲': '!',
  '◌': '?',
  '◐': '~',
  '–': '-',
  '—': '-',
  '→': '->',
  '≥': '>=',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
}

function numbered(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
}
