/** A member of an object or list: where its key and its value stand. `key` is null in lists; `start` is then also where it begins. */
export interface JsonMember {
  key: string | null
  keyStart: number
  keyEnd: number
  start: number
  end: number
}

/** An object or list: from its bracket to behind the closing one. */
export interface JsonBranch {
  kind: 'object' | 'list'
  start: number
  end: number
  members: readonly JsonMember[]
}

/** The object or list at an offset of a text that is known to be well formed; null where something else stands there. */
export function branchAt(text: string, start: number): JsonBranch | null {
  const open = text.charAt(start)
  if (open !== '{' && open !== '[') return null
  const kind = open === '{' ? 'object' : 'list'
  const members: JsonMember[] = []
  let at = skipBlank(text, start + 1)
  while (at < text.length && text.charAt(at) !== '}' && text.charAt(at) !== ']') {
    const member = memberAt(text, at, kind)
    members.push(member)
    at = skipBlank(text, member.end)
    if (text.charAt(at) === ',') at = skipBlank(text, at + 1)
  }
  return { kind, start, end: at + 1, members }
}

function memberAt(text: string, at: number, kind: JsonBranch['kind']): JsonMember {
  if (kind === 'list') return { key: null, keyStart: at, keyEnd: at, start: at, end: skipValue(text, at) }
  const keyEnd = skipString(text, at)
  const start = skipBlank(text, skipBlank(text, keyEnd) + 1)
  return { key: String(JSON.parse(text.slice(at, keyEnd))), keyStart: at, keyEnd, start, end: skipValue(text, start) }
}

/** The offset behind white space and comments. */
export function skipBlank(text: string, start: number): number {
  let at = start
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 32 || code === 9 || code === 10 || code === 13) at += 1
    else if (code === 47) at = skipComment(text, at)
    else return at
  }
}

/** The offset behind a comment of any format: a line comment ends before its line's ending. */
export function skipComment(text: string, at: number): number {
  if (text.charAt(at + 1) === '*') {
    const close = text.indexOf('*/', at + 2)
    return close < 0 ? text.length : close + 2
  }
  const ends = /[\n\r]/g
  ends.lastIndex = at
  return ends.exec(text)?.index ?? text.length
}

function skipString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return text.length
    let before = quote - 1
    while (before > start && text.charCodeAt(before) === 92) before -= 1
    if ((quote - 1 - before) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

const marks = /["{}[\]/]/g

/** The offset behind the value that starts here. */
function skipValue(text: string, start: number): number {
  const first = text.charAt(start)
  if (first === '"') return skipString(text, start)
  if (first !== '{' && first !== '[') return skipWord(text, start)
  let depth = 0
  let at = start
  do {
    marks.lastIndex = at
    const found = marks.exec(text)
    if (found === null) return text.length
    at = found.index
    if (found[0] === '"') at = skipString(text, at)
    else if (found[0] === '/') at = skipComment(text, at)
    else {
      depth += found[0] === '{' || found[0] === '[' ? 1 : -1
      at += 1
    }
  } while (depth > 0)
  return at
}

function skipWord(text: string, start: number): number {
  const ends = /[^A-Za-z0-9+.-]/g
  ends.lastIndex = start
  return ends.exec(text)?.index ?? text.length
}
