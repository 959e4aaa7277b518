/**
 * Whether a text looks drawn at random rather than written by a person: letters and digits change class (lower, upper, digit) far more
 * often than words, versions and names do. Deliberately quick to say yes: a yes only hides text. A path changes class at the number of each
 * of its folders, so its segments that are words and numbers are set aside (`plainlyWritten`) and what is left is judged, strictly where a
 * token may be in it.
 * @param atLeast how many letters and digits it takes
 */
export function looksRandom(text: string, atLeast = 16): boolean {
  if (!changesOften(text, atLeast)) return false
  const rest = withoutPlainSegments(text)
  return changesOften(rest, atLeast) || rest.split('/').some((segment) => maybeToken.test(segment))
}

/** A segment of letters and digits enough to be a token by itself, groups with signs between them included. */
const maybeToken = /(?:[A-Za-z0-9][^A-Za-z0-9]{0,3}){16}/

/** The segments of a path that are more than words and numbers; a text that is no path is one segment. */
export function withoutPlainSegments(text: string): string {
  const segments = text.split(/[\\/]/)
  return segments.filter((segment) => !plainlyWritten(segment)).join('/')
}

function changesOften(text: string, atLeast: number): boolean {
  let letters = 0
  let changes = 0
  let last = 0
  for (let index = 0; index < text.length; index += 1) {
    const kind = classOf(text.charCodeAt(index))
    if (kind === 0) continue
    letters += 1
    // An upper-case letter followed by lower-case ones is how words begin: only the step up counts.
    if (last !== 0 && kind !== last && !(last === 2 && kind === 1)) changes += 1
    last = kind
  }
  return letters >= atLeast && changes / letters > 0.22
}

/** 1 lower case, 2 upper case, 3 digit, 0 anything else. */
function classOf(code: number): 0 | 1 | 2 | 3 {
  if (code >= 97 && code <= 122) return 1
  if (code >= 65 && code <= 90) return 2
  return code >= 48 && code <= 57 ? 3 : 0
}

/** `tmp`, `Users`, `AppData`, `myServer`, the letter of a drive. Short upper-case groups are what keys are made of: they are no words. */
const word = /^(?:[a-z]{1,40}|(?:[a-z]{2,20})?(?:[A-Z][a-z]{2,20}){1,6}|[A-Z])$/
const number = /^\d{1,20}$/
/** `x64`, `part0003`, `2nd`, `64bit`, the middle of a time (`03T10`). */
const numberedWord = /^(?:[a-z]{1,12}\d{1,4}|\d{1,4}[a-z]{1,3}|\d{1,8}T\d{1,6}Z?|\d{1,6}Z)$/

const maxPlain = 200
/** How many short or numbered words a segment may hold, and how often words and numbers may take turns: licence keys do so more often. */
const maxOdd = 2
const maxTurns = 4

/** Whether one segment of a path is words and numbers with signs between them: `up-4550-1`, `2024-11-03`, `pkg-1.2.3`, `x86_64`. */
function plainlyWritten(segment: string): boolean {
  if (segment.length > maxPlain) return false
  const pieces = segment.split(/[-_.@+~ ():]/).filter((piece) => piece !== '')
  const kinds = pieces.map(kindOf)
  const odd = kinds.filter((kind, at) => kind === 'numbered' || (kind === 'word' && (pieces[at]?.length ?? 0) < 3))
  const turns = kinds.filter((kind, at) => at > 0 && kind !== kinds[at - 1])
  return !kinds.includes('other') && odd.length <= maxOdd && turns.length <= maxTurns
}

function kindOf(piece: string): 'number' | 'word' | 'numbered' | 'other' {
  if (number.test(piece)) return 'number'
  if (word.test(piece)) return 'word'
  return numberedWord.test(piece) ? 'numbered' : 'other'
}
