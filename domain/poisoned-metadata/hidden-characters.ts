/** A run of characters that a reader does not see, and what they say to a program that reads them. */
export interface HiddenRun {
  from: number
  to: number
  decoded: string | null
}

const tagRun = /[\u{E0000}-\u{E007F}]+/gu
const selectorRun = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{2,}/gu
const zeroWidth = /[\u200B-\u200D\u2060-\u2064\uFEFF\u180E]+/gu
const direction = /[\u202A\u202B\u202D\u202E\u2066-\u2069]/gu
const maxRuns = 50

/**
 * Hidden characters that carry a text or disguise one. Joiners between letters of scripts that need them, emoji made of several, marks of
 * direction in right-to-left text and a byte order mark at the start are how people write.
 */
export function hiddenCharacters(text: string): HiddenRun[] {
  const runs = [...tags(text), ...selectors(text), ...zeroWidths(text), ...directions(text)]
  return runs.sort((a, b) => a.from - b.from).slice(0, maxRuns)
}

function tags(text: string): HiddenRun[] {
  return runsOf(tagRun, text)
    .filter(({ from }) => text.slice(Math.max(0, from - 2), from) !== '\u{1F3F4}')
    .map((run) => ({ ...run, decoded: asText(codesOf(text, run).map((code) => code - 0xe0000)) }))
}

function selectors(text: string): HiddenRun[] {
  return runsOf(selectorRun, text).map((run) => {
    const bytes = codesOf(text, run).map((code) => (code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00))
    return { ...run, decoded: asText(bytes) }
  })
}

/** Alone, one of them may break a line; several between Latin letters, or a run of them, say something. */
function zeroWidths(text: string): HiddenRun[] {
  const runs = runsOf(zeroWidth, text).filter(({ from, to }) => {
    const around = (text[from - 1] ?? ' ') + (text[to] ?? ' ')
    return to - from >= 4 || (from > 0 && /^[\u0020-\u007e]{2}$/.test(around))
  })
  const hidden = runs.reduce((sum, { from, to }) => sum + to - from, 0)
  if (hidden < 2) return []
  return runs.map((run) => ({ ...run, decoded: bitsAsText(codesOf(text, run)) }))
}

/** Overrides show text in another order than it is read in; embeddings and isolates do where nothing is right-to-left. */
function directions(text: string): HiddenRun[] {
  const isRightToLeft = /[\u0590-\u08ff]/.test(text)
  return runsOf(direction, text)
    .filter(({ from }) => !isRightToLeft || text[from] === '\u202d' || text[from] === '\u202e')
    .map((run) => {
      const end = text.indexOf('\u202c', run.to)
      const shown = text.slice(run.to, end < 0 ? run.to + 200 : Math.min(end, run.to + 200))
      return { ...run, decoded: text[run.from] === '\u202e' ? [...shown].reverse().join('') : null }
    })
}

function runsOf(shape: RegExp, text: string): { from: number; to: number }[] {
  return [...text.matchAll(shape)].map((match) => ({ from: match.index, to: match.index + match[0].length }))
}

function codesOf(text: string, { from, to }: { from: number; to: number }): number[] {
  return [...text.slice(from, to)].map((character) => character.codePointAt(0) ?? 0)
}

/** Bytes as text, if most of them are letters, digits or marks that one can print. */
function asText(bytes: readonly number[]): string | null {
  const shown = bytes.filter((byte) => byte >= 0x20 && byte < 0x7f)
  if (shown.length < 4 || shown.length < bytes.length * 0.8) return null
  return String.fromCharCode(...shown.slice(0, 2_000))
}

/** Two kinds of character as the bits of bytes. */
function bitsAsText(codes: readonly number[]): string | null {
  const [zero, one] = [...new Set(codes)].sort((a, b) => a - b)
  if (zero === undefined || one === undefined || codes.length < 32) return null
  const bits = codes.filter((code) => code === zero || code === one).map((code) => (code === zero ? '0' : '1'))
  const bytes: number[] = []
  for (let at = 0; at + 8 <= bits.length && bytes.length < 2_000; at += 8)
    bytes.push(Number.parseInt(bits.slice(at, at + 8).join(''), 2))
  return asText(bytes)
}
