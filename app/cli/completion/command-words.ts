import { type Field, fieldsOf } from '../../operations/input-shape.ts'
import type { AnyOperation } from '../../operations/operation.ts'
import { globalOptions } from '../global-options.ts'

/** What may follow an option, or stand as a plain word. */
export type WordValue =
  | { readonly is: 'none' }
  | { readonly is: 'file' }
  | { readonly is: 'any' }
  | { readonly is: 'choice'; readonly of: readonly string[] }

/** One option of a command. */
export interface OptionWord {
  readonly flag: string
  readonly says: string
  readonly value: WordValue
}

/** One command as a shell completes it. The verb is one or two words, or none. */
export interface CommandWords {
  readonly verb: string
  readonly says: string
  readonly options: readonly OptionWord[]
  /** What stands without an option. */
  readonly plain: WordValue
}

const fileNames: ReadonlySet<string> = new Set(['file', 'folder', 'from', 'state', 'file or server'])

/** What there is to complete, read from the operation table. */
export function commandWords(operations: readonly AnyOperation[]): CommandWords[] {
  return operations.map(({ cli, summary, input }) => {
    const fields = fieldsOf(input)
    const first = fields.find(({ key }) => key === cli.positionals[0])
    return {
      verb: cli.verb,
      says: summary,
      options: fields.filter(({ key }) => !cli.positionals.includes(key)).map(optionOf),
      plain: first === undefined ? { is: 'none' } : wordOf(first),
    }
  })
}

/** Those that go with every command. */
export function everywhereWords(): OptionWord[] {
  const own = globalOptions.map(({ flags, says }): OptionWord => {
    const [flag = '', value] = flags.split(' ')
    return { flag, says, value: value === undefined ? { is: 'none' } : { is: value === '<file>' ? 'file' : 'any' } }
  })
  return [...own, { flag: '--help', says: 'What it does, with examples', value: { is: 'none' } }]
}

/** Options that take a value in every command that has them: what follows one is no verb. */
export function valuedEverywhere(commands: readonly CommandWords[]): string[] {
  const all = [...commands.flatMap(({ options }) => options), ...everywhereWords()]
  const bare = new Set(all.flatMap(({ flag, value }) => (value.is === 'none' ? [flag] : [])))
  return [...new Set(all.map(({ flag }) => flag))].filter((flag) => !bare.has(flag)).sort()
}

/** First words of commands of two words, with what they begin. */
export function families(commands: readonly CommandWords[]): Map<string, CommandWords[]> {
  return Map.groupBy(
    commands.filter(({ verb }) => verb.includes(' ')),
    ({ verb }) => verb.split(' ')[0] ?? '',
  )
}

/** What may be typed first: verbs, first words of families, `help`, each once, with what it is. */
export function firstWords(commands: readonly CommandWords[]): [word: string, says: string][] {
  const own = commands.flatMap(({ verb, says }): [string, string][] =>
    verb === '' || verb.includes(' ') ? [] : [[verb, says]],
  )
  const known = new Set(own.map(([word]) => word))
  const parts = [...families(commands)].flatMap(([word, all]): [string, string][] =>
    known.has(word) ? [] : [[word, all.map(({ verb }) => verb.split(' ')[1]).join(', ')]],
  )
  return [...own, ...parts, ['help', 'every command: help all'] as [string, string]].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
}

function optionOf(field: Field): OptionWord {
  return { flag: `--${field.flag}`, says: field.describes, value: wordOf(field) }
}

function wordOf({ kind, choices, valueName, local }: Field): WordValue {
  if (kind === 'boolean') return { is: 'none' }
  if (choices.length > 0) return { is: 'choice', of: choices }
  return { is: local || fileNames.has(valueName) ? 'file' : 'any' }
}
