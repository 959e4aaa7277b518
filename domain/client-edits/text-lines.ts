/** Whether a character ends a line. */
function endsLine(character: string): boolean {
  return character === '\n' || character === '\r'
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t'
}

/** Where the line that holds this offset begins. */
export function lineStart(text: string, at: number): number {
  let start = at
  while (start > 0 && !endsLine(text.charAt(start - 1))) start -= 1
  return start
}

/** Where the line that holds this offset ends: before its line ending. */
export function lineEnd(text: string, at: number): number {
  let end = at
  while (end < text.length && !endsLine(text.charAt(end))) end += 1
  return end
}

/** The white space at the beginning of the line that holds this offset. */
export function indentAt(text: string, at: number): string {
  const start = lineStart(text, at)
  return text.slice(start, skipSpaces(text, start))
}

/** The offset behind spaces and tabs. */
export function skipSpaces(text: string, start: number): number {
  let at = start
  while (isSpace(text.charAt(at))) at += 1
  return at
}

/** The offset before the spaces and tabs that end here. */
export function backOverSpaces(text: string, end: number): number {
  let at = end
  while (at > 0 && isSpace(text.charAt(at - 1))) at -= 1
  return at
}

/** Where the line begins, if nothing but white space stands before this offset; null otherwise. */
export function ownLineStart(text: string, at: number): number | null {
  const start = backOverSpaces(text, at)
  return start === 0 || endsLine(text.charAt(start - 1)) ? start : null
}

/** The line ending that begins here; empty where none does. */
export function endingAt(text: string, at: number): '\r\n' | '\n' | '\r' | '' {
  const character = text.charAt(at)
  if (character === '\r') return text.charAt(at + 1) === '\n' ? '\r\n' : '\r'
  return character === '\n' ? '\n' : ''
}

/** The ending that a line put in behind this one takes: that of this line, else of the line before, else of the first that has one. */
export function endingNear(text: string, at: number): string {
  const own = endingAt(text, lineEnd(text, at))
  if (own !== '') return own
  return endingBefore(text, lineStart(text, at)) || (/\r\n|\n|\r/.exec(text)?.[0] ?? '\n')
}

/** The line ending that a line which begins here follows; empty for the first line. */
export function endingBefore(text: string, start: number): string {
  if (start === 0) return ''
  return text.slice(Math.max(start - 2, 0), start) === '\r\n' ? '\r\n' : text.charAt(start - 1)
}

export function hasLineEnding(text: string): boolean {
  return /[\r\n]/.test(text)
}
