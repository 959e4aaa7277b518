import { isRecord } from '../is-record.ts'
import type { ToolMeaning } from './meaning.ts'

/** A tool that is gone and one that came, which look like the same under another name. It is a guess; the reasons say on what. */
export interface Rename {
  from: string
  to: string
  reasons: string[]
}
interface Guess extends Rename {
  score: number
}

const leastScore = 0.5
const mostCompared = 200

/** The likely new names of tools that are gone: the best guess for each, and no name twice. */
export function findRenames(removed: readonly ToolMeaning[], added: readonly ToolMeaning[]): Rename[] {
  const guesses = removed
    .slice(0, mostCompared)
    .flatMap((from) => added.slice(0, mostCompared).map((to) => guess(from, to)))
    .filter(({ score }) => score >= leastScore)
    .sort((one, other) => other.score - one.score || (one.from + one.to < other.from + other.to ? -1 : 1))
  const taken = new Set<string>()
  return guesses.flatMap(({ from, to, reasons }) => {
    if (taken.has(`from ${from}`) || taken.has(`to ${to}`)) return []
    taken.add(`from ${from}`).add(`to ${to}`)
    return [{ from, to, reasons }]
  })
}

/** Name, description and parameters each say something; none alone is enough but a description that is nearly the same. */
function guess(from: ToolMeaning, to: ToolMeaning): Guess {
  const name = alike(wordsOf(from.name), wordsOf(to.name))
  const description = alike(wordsOf(from.description ?? ''), wordsOf(to.description ?? ''))
  const [before, now] = [parametersOf(from), parametersOf(to)]
  const parameters = alike(before, now)
  const reasons = [
    ...(name > 0 ? [`${percent(name)} of the words of the name`] : []),
    ...(description > 0 ? [`${percent(description)} of the words of the description`] : []),
    ...(parameters > 0 ? [`parameters ${now.filter((one) => before.includes(one)).join(' and ')}`] : []),
    ...(before.length + now.length === 0 ? ['neither takes parameters'] : []),
  ]
  const score = Math.max(description, 0.35 * name + 0.5 * description + 0.3 * parameters)
  return { from: from.name, to: to.name, reasons, score }
}

const fillers = new Set([
  'the',
  'of',
  'a',
  'an',
  'to',
  'and',
  'or',
  'for',
  'from',
  'in',
  'on',
  'with',
  'by',
  'as',
  'is',
  'that',
  'get',
  'tool',
])

/** `printEnv`, `print-env` and `print_env` are the same words; an `s` at the end makes no other word. */
function wordsOf(text: string): string[] {
  const parts =
    text
      .slice(0, 2_000)
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z0-9]{1,40}/g) ?? []
  const words = parts.map((word) => (word.length > 3 ? word.replace(/s$/, '') : word))
  return [...new Set(words)].filter((word) => !fillers.has(word))
}

function parametersOf({ input }: ToolMeaning): string[] {
  return input !== false && isRecord(input.properties) ? Object.keys(input.properties) : []
}

/** How much two sets share: 0 to 1. */
function alike(one: readonly string[], other: readonly string[]): number {
  const shared = one.filter((word) => other.includes(word)).length
  return shared === 0 ? 0 : (2 * shared) / (one.length + other.length)
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
