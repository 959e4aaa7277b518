const shortest = 6
const longest = 20_000
const maxWords = 400_000
const maxNesting = 200

/** Words after which a slash begins a regular expression and is no division. */
const beforeExpression = new Set(
  'return typeof case in of delete void throw new else do instanceof yield await extends default'.split(' '),
)

interface Scan {
  text: string
  at: number
  words: Set<string>
  /** Open braces inside templates: how deep each one's code is. */
  braces: number[]
  depth: number
  /** Whether a slash here would divide. */
  afterValue: boolean
  /** How much more may be read in vain: a text made of beginnings without an end must not cost its square. */
  patience: number
}

/**
 * The words of a script that bundling and minifying leave as they are: its text literals, with escapes undone, and its names of some
 * length. Variables that a minifier renames fall out of use as features by themselves. Reads each character once; never fails.
 */
export function scriptWords(text: string): Set<string> {
  const scan: Scan = {
    text,
    at: 0,
    words: new Set(),
    braces: [],
    depth: 0,
    afterValue: false,
    patience: 4 * text.length,
  }
  while (scan.at < text.length && scan.words.size < maxWords) step(scan)
  return scan.words
}

function step(scan: Scan): void {
  const code = scan.text.charCodeAt(scan.at)
  if (isNamePart(code)) name(scan)
  else if (code === 34 || code === 39) literal(scan, code)
  else if (code === 96) template(scan, scan.at + 1)
  else if (code === 47) slash(scan)
  else if (code === 125) closeBrace(scan)
  else punctuation(scan, code)
}

function punctuation(scan: Scan, code: number): void {
  scan.at++
  if (code === 123) scan.depth++
  // White space says nothing; a closing bracket ends a value; anything else is an operator.
  if (code > 32) scan.afterValue = code === 41 || code === 93
}

/** Letters, digits, `_`, `$` and everything beyond ASCII. */
function isNamePart(code: number): boolean {
  if (code >= 97) return code <= 122 || code > 127
  if (code >= 65) return code <= 90 || code === 95
  return code === 36 || (code >= 48 && code <= 57)
}

function name(scan: Scan): void {
  const from = scan.at
  while (scan.at < scan.text.length && isNamePart(scan.text.charCodeAt(scan.at))) scan.at++
  const word = scan.text.slice(from, scan.at)
  scan.afterValue = !beforeExpression.has(word)
  const first = word.charCodeAt(0)
  if (first < 48 || first > 57) keep(scan, word)
}

function keep(scan: Scan, word: string): void {
  if (word.length >= shortest && word.length <= longest) scan.words.add(word)
}

function literal(scan: Scan, quote: number): void {
  const from = scan.at + 1
  let at = from
  let escaped = false
  for (; at < scan.text.length; at++) {
    const code = scan.text.charCodeAt(at)
    if (code === quote) break
    if (code === 92) {
      escaped = true
      at++
    } else if (code === 10) break
  }
  const whole = scan.text.charCodeAt(at) === quote
  scan.at = whole ? at + 1 : backFrom(scan, from, at)
  scan.afterValue = true
  if (whole) keep(scan, escaped ? unescaped(scan.text.slice(from, at)) : scan.text.slice(from, at))
}

/** A beginning without its end was none, so reading goes on right behind it; once patience is at its end, where it was given up. */
function backFrom(scan: Scan, from: number, at: number): number {
  scan.patience -= at - from
  return scan.patience > 0 ? from : Math.min(at, scan.text.length)
}

function template(scan: Scan, from: number): void {
  const { at, escaped } = templateEnd(scan.text, from)
  const opens = scan.text.charCodeAt(at) === 36
  const raw = scan.text.slice(from, at)
  keep(scan, escaped ? unescaped(raw) : raw)
  scan.at = Math.min(scan.text.length, opens ? at + 2 : at + 1)
  scan.afterValue = !opens
  if (opens && scan.braces.length < maxNesting) scan.braces.push(scan.depth)
}

/** Where the text of a template stops: at its closing mark, or at code inside it. */
function templateEnd(text: string, from: number): { at: number; escaped: boolean } {
  let escaped = false
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 96 || (code === 36 && text.charCodeAt(at + 1) === 123)) return { at, escaped }
    if (code !== 92) continue
    escaped = true
    at++
  }
  return { at: text.length, escaped }
}

function closeBrace(scan: Scan): void {
  if (scan.braces.at(-1) === scan.depth) {
    scan.braces.pop()
    template(scan, scan.at + 1)
  } else {
    scan.depth = Math.max(0, scan.depth - 1)
    scan.at++
    scan.afterValue = false
  }
}

function slash(scan: Scan): void {
  const next = scan.text.charCodeAt(scan.at + 1)
  if (next === 47) skipTo(scan, '\n')
  else if (next === 42) skipTo(scan, '*/')
  else if (scan.afterValue) {
    scan.at++
    scan.afterValue = false
  } else expression(scan)
}

function skipTo(scan: Scan, end: string): void {
  const found = scan.text.indexOf(end, scan.at + 2)
  scan.at = found === -1 ? scan.text.length : found + end.length
}

function expression(scan: Scan): void {
  let inClass = false
  let at = scan.at + 1
  for (; at < scan.text.length; at++) {
    const code = scan.text.charCodeAt(at)
    if (code === 10) break
    if (code === 92) at++
    else if (code === 91) inClass = true
    else if (code === 93) inClass = false
    else if (code === 47 && !inClass) {
      scan.at = at + 1
      scan.afterValue = true
      return
    }
  }
  scan.at = backFrom(scan, scan.at + 1, at)
}

const simple = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
  ['\n', ''],
])

function unescaped(raw: string): string {
  return raw.replace(
    /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}|([\s\S]))/g,
    (_all, x: string | undefined, u: string | undefined, long: string | undefined, other: string | undefined) => {
      const hex = x ?? u ?? long
      if (hex === undefined) return simple.get(other ?? '') ?? other ?? ''
      const code = Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : ''
    },
  )
}
