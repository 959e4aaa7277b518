/** Characters that take two cells of a terminal: East Asian wide and full-width forms, and pictographs. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

const mark = /\p{M}/u

/** How many cells of a terminal the text takes. The text is printable already. */
export function displayWidth(text: string): number {
  let cells = 0
  for (const character of text) cells += widthOf(character)
  return cells
}

function widthOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1
  if (mark.test(character)) return 0
  return wide.test(character) ? 2 : 1
}

/** The text cut to `cells`, with `…` when something is missing. */
export function fitWidth(text: string, cells: number): string {
  if (displayWidth(text) <= cells) return text
  let taken = ''
  let used = 0
  for (const character of text) {
    used += widthOf(character)
    if (used > cells - 1) break
    taken += character
  }
  return `${taken}…`
}

/** The text with spaces up to `cells`. */
export function padWidth(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - displayWidth(text)))
}

/** The text in lines of at most `cells`, broken between words; a word that is longer than a line is broken inside. */
export function wrapWidth(text: string, cells: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => piecesOf(one, cells))) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > cells) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return line === '' ? lines : [...lines, line]
}

function piecesOf(word: string, cells: number): string[] {
  if (displayWidth(word) <= cells) return [word]
  const pieces: string[] = []
  let piece = ''
  let used = 0
  for (const character of word) {
    const width = widthOf(character)
    if (used + width > cells) {
      pieces.push(piece)
      piece = ''
      used = 0
    }
    piece += character
    used += width
  }
  return piece === '' ? pieces : [...pieces, piece]
}
