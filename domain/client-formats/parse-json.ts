import { createScanner, type JSONScanner } from 'jsonc-parser'
import { lineAndColumn, maxDepth, maxProblems, type Parsed, type Problem, refusal, type Tree } from './tree.ts'

// Values of the scanner's token kinds and of its "no error". Its enums are ambient, so they cannot be named under isolated modules.
const openBrace = 1
const closeBrace = 2
const openBracket = 3
const closeBracket = 4
const comma = 5
const colon = 6
const nullWord = 7
const trueWord = 8
const falseWord = 9
const stringToken = 10
const numberToken = 11
const lineComment = 12
const blockComment = 13
const lineBreak = 14
const blank = 15
const endOfText = 17
const noError = 0

interface Frame {
  map: Map<string, Tree> | null
  list: Tree[] | null
  key: string
  /** False below a declined path: what is read there is dropped. */
  kept: boolean
}
type Expected = 'value' | 'first-key' | 'key' | 'colon' | 'first-item' | 'item' | 'next' | 'end'
interface State {
  text: string
  scanner: JSONScanner
  frames: Frame[]
  expected: Expected
  root: Tree | undefined
  problems: Problem[]
  comments: boolean
  failure: Parsed | null
  keep: ((path: readonly string[]) => boolean) | null
}

/**
 * Parses JSON with comments, trailing commas and a byte order mark, without recursion, so that no nesting can exhaust the stack. With
 * `comments: false`, as for clients that read strict JSON, comments and trailing commas are reported as problems. Values whose path
 * `keep` declines are scanned and dropped: a long history costs time but no memory.
 */
export function parseJson(
  text: string,
  options: { comments: boolean; keep?: (path: readonly string[]) => boolean },
): Parsed {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  const state: State = {
    text: clean,
    scanner: createScanner(clean, false),
    frames: [],
    expected: 'value',
    root: undefined,
    problems: [],
    comments: options.comments,
    failure: null,
    keep: options.keep ?? null,
  }
  let token = nextToken(state)
  if (token === endOfText && options.comments) return { state: 'parsed', tree: new Map(), problems: state.problems }
  while (state.failure === null && !(state.expected === 'end' && token === endOfText)) {
    take(state, token)
    token = nextToken(state)
  }
  return state.failure ?? { state: 'parsed', tree: state.root ?? null, problems: state.problems }
}

function nextToken(state: State): number {
  for (;;) {
    const token: number = state.scanner.scan()
    if (token === blank || token === lineBreak) continue
    if (token !== lineComment && token !== blockComment) return token
    if (!state.comments) report(state, 'a comment, which this client does not read')
  }
}

function take(state: State, token: number): void {
  const error: number = state.scanner.getTokenError()
  if (error !== noError) fail(state, 'a string, number or comment is not well formed')
  else if (state.expected === 'value') takeValue(state, token)
  else if (state.expected === 'next') takeNext(state, token)
  else if (state.expected === 'colon') takeColon(state, token)
  else if (state.expected === 'end') fail(state, 'text follows the end of the value')
  else if (state.expected === 'first-key' || state.expected === 'key') takeKey(state, token)
  else if (token === closeBracket) close(state, state.expected === 'item')
  else takeValue(state, token)
}

function takeColon(state: State, token: number): void {
  if (token === colon) state.expected = 'value'
  else fail(state, 'a colon was expected')
}

function takeKey(state: State, token: number): void {
  const frame = state.frames.at(-1)
  if (token === closeBrace) {
    close(state, state.expected === 'key')
  } else if (token !== stringToken || frame === undefined) {
    fail(state, 'a key in double quotes was expected')
  } else {
    frame.key = state.scanner.getTokenValue()
    if (frame.map?.has(frame.key)) report(state, 'a key that stands twice in one object; the last one counts')
    state.expected = 'colon'
  }
}

function takeValue(state: State, token: number): void {
  if (token === openBrace) {
    open(state, { map: new Map(), list: null, key: '', kept: true }, 'first-key')
  } else if (token === openBracket) {
    open(state, { map: null, list: [], key: '', kept: true }, 'first-item')
  } else {
    takeScalar(state, token)
  }
}

function takeScalar(state: State, token: number): void {
  const scalar = scalarOf(state, token)
  if (scalar === undefined) {
    fail(state, token === endOfText ? 'the text ends too early' : 'a value was expected')
  } else {
    put(state, scalar)
    state.expected = state.frames.length === 0 ? 'end' : 'next'
  }
}

function scalarOf({ text, scanner }: State, token: number): Tree | undefined {
  if (token === stringToken) return stringOf(text, scanner)
  if (token === numberToken) return Number(scanner.getTokenValue())
  if (token === trueWord) return true
  if (token === falseWord) return false
  return token === nullWord ? null : undefined
}

/** The scanner puts a text with escapes together of pieces, which costs more than reading it when it is first compared. */
function stringOf(text: string, scanner: JSONScanner): string {
  const start = scanner.getTokenOffset()
  const written = text.slice(start, start + scanner.getTokenLength())
  if (!written.includes('\\')) return scanner.getTokenValue()
  const value: unknown = JSON.parse(written)
  return typeof value === 'string' ? value : scanner.getTokenValue()
}

function takeNext(state: State, token: number): void {
  const inMap = state.frames.at(-1)?.map !== null
  if (token === comma) state.expected = inMap ? 'key' : 'item'
  else if (token === (inMap ? closeBrace : closeBracket)) close(state, false)
  else fail(state, token === endOfText ? 'the text ends too early' : 'a comma or the end was expected')
}

function open(state: State, frame: Frame, expected: Expected): void {
  if (state.frames.length >= maxDepth) {
    state.failure = refusal('too-deep', `values are nested deeper than ${maxDepth}, ${position(state)}`)
    return
  }
  const kept = put(state, frame.map ?? frame.list)
  state.frames.push({ ...frame, kept })
  state.expected = expected
}

function close(state: State, afterComma: boolean): void {
  if (afterComma && !state.comments) report(state, 'a comma before the end, which this client does not read')
  state.frames.pop()
  state.expected = state.frames.length === 0 ? 'end' : 'next'
}

/** Whether the value was kept. */
function put(state: State, value: Tree): boolean {
  const frame = state.frames.at(-1)
  if (frame === undefined) {
    state.root = value
    return true
  }
  if (!frame.kept) return false
  if (frame.map === null) {
    frame.list?.push(value)
    return true
  }
  if (state.keep !== null && !state.keep(state.frames.map((each) => each.key))) return false
  frame.map.set(frame.key, value)
  return true
}

function position(state: State): string {
  return lineAndColumn(state.scanner.getTokenStartLine() + 1, state.scanner.getTokenStartCharacter() + 1)
}

function report(state: State, problem: string): void {
  if (state.problems.length < maxProblems) state.problems.push({ at: position(state), problem })
}

function fail(state: State, reason: string): void {
  state.failure = refusal('malformed', `not well formed, ${position(state)}: ${reason}`)
}
