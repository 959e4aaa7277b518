/** How text from outside is made fit to be shown. */
export interface PrintableOptions {
  /** `mark`: a line break becomes a visible mark, so that the text stays on its line. `keep`: LF stays (CRLF becomes LF). */
  newlines?: 'mark' | 'keep'
  /** Characters of the result that may be text; what is cut is counted. */
  maxLength?: number
}

const defaultMaxLength = 200

/**
 * Everything that a reader cannot see or that moves other text: control and format characters (bidi, zero-width, tags, soft hyphen),
 * separators, lone surrogates, private use, noncharacters, and blanks that are not spaces.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu

/** A pile of combining marks can cover the lines around it; languages need no more than four on one letter. */
const piledMarks = /(?<=\p{M}{4})\p{M}/gu

/** Text from outside as it may be shown: nothing in it is hidden, moves the cursor, or runs on without end. */
export function printable(text: string, options: PrintableOptions = {}): string {
  const { newlines = 'mark', maxLength = defaultMaxLength } = options
  // Cut before the work: a megabyte of text costs no more than its first part.
  const head = sliceWhole(text, maxLength)
  const shown = showHidden(head, newlines)
  const missing = text.length - head.length
  return missing === 0 ? shown : `${shown}… (cut: ${missing} more characters)`
}

/** True when the text holds anything that `printable` would show as a mark. */
export function hasHidden(text: string): boolean {
  return text.search(hidden) !== -1
}

function showHidden(text: string, newlines: 'mark' | 'keep'): string {
  const lines = newlines === 'keep' ? text.replaceAll('\r\n', '\n') : text
  return lines
    .replace(hidden, (character) => (newlines === 'keep' && character === '\n' ? character : markOf(character)))
    .replace(piledMarks, markOf)
}

/** `⟨U+200B⟩` for a zero-width space. */
export function markOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `⟨U+${code}⟩`
}

/** The first `length` units of the text, never half of a pair. */
function sliceWhole(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  const splits = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, splits ? length - 1 : length)
}
