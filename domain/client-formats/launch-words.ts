import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'

export type Launch = DeclaredServer['launch']

/** What an argument is to its launcher, where that is known: it says what shape the argument may be shown in. */
export type ArgumentRole =
  | 'package'
  | 'image'
  | 'script'
  | 'module'
  | 'program'
  | 'version'
  | 'assignment'
  | 'passed-name'
  | 'digest'

/** A word of a command line. `index` is its place in `args`; null for the command itself and for parts of a longer argument. */
export interface Word {
  text: string
  index: number | null
}

/** Notes what arguments are, while a command line is read. */
export interface Reading {
  roles: Map<number, ArgumentRole>
  /** Launchers inside launchers are followed so many times. */
  left: number
}

export function mark(reading: Reading, word: Word | undefined, role: ArgumentRole): void {
  if (word !== undefined && word.index !== null) reading.roles.set(word.index, role)
}

export interface Option {
  flag: string
  word: Word
  /** The value: the part after `=`, or the next word. Its `index` is that of the argument that holds it. */
  value: Word | null
}

/** Takes the options off the front of a command line: up to `--`, which is dropped, or to the first word that is none. */
export function takeOptions(
  words: readonly Word[],
  takesValue: (flag: string) => boolean,
): { options: readonly Option[]; rest: readonly Word[] } {
  const options: Option[] = []
  let at = 0
  while (at < words.length) {
    const word = words[at]
    if (word === undefined || word.text === '-' || !word.text.startsWith('-')) break
    at += 1
    if (word.text === '--') break
    const equals = word.text.indexOf('=')
    const flag = equals < 0 ? word.text : word.text.slice(0, equals)
    const next = words[at]
    if (equals >= 0) {
      options.push({ flag, word, value: { text: word.text.slice(equals + 1), index: word.index } })
    } else if (takesValue(flag) && next !== undefined) {
      options.push({ flag, word, value: next })
      at += 1
    } else {
      options.push({ flag, word, value: null })
    }
  }
  return { options, rest: words.slice(at) }
}

/** The program a word names: without folder, without Windows' endings, lower case. */
export function programOf(text: string): string {
  const base = text.split(/[\\/]/).at(-1) ?? text
  return base.toLowerCase().replace(/\.(?:exe|cmd|bat|ps1)$/, '')
}

/** The words of a command line in one string, quotes taken off. */
export function splitWords(text: string): Word[] {
  const line = text.slice(0, 10_000)
  const words: Word[] = []
  let at = 0
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at += 1
    } else {
      const taken = takeWord(line, at)
      words.push({ text: taken.text, index: null })
      at = taken.end
    }
  }
  return words
}

function takeWord(line: string, start: number): { text: string; end: number } {
  let text = ''
  let at = start
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    const character = line.charAt(at)
    if (character === '"' || character === "'") {
      const close = line.indexOf(character, at + 1)
      const end = close < 0 ? line.length : close
      text += line.slice(at + 1, end)
      at = end + 1
    } else {
      text += character
      at += 1
    }
  }
  return { text, end: at }
}

export function unknown(problem: string): Launch {
  return { via: 'unknown', problem }
}
