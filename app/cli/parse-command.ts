import { UserError } from '@upkeep/contract'
import { Command, CommanderError, Option } from 'commander'
import { type Field, fieldsOf } from '../operations/input-shape.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { type GlobalOptions, globalOptions, valueOptions } from './global-options.ts'

/** A command line, understood: which operation, with what. */
export type ParsedCommand =
  | { kind: 'help'; topic: string }
  | { kind: 'version' }
  | { kind: 'run'; operation: AnyOperation; input: Record<string, unknown>; global: GlobalOptions }

/**
 * Understands a command line by the operation table alone.
 *
 * @throws UserError `not-found` for a verb that does not exist, `bad-input` for options and values.
 */
export function parseCommand(operations: readonly AnyOperation[], argv: readonly string[]): ParsedCommand {
  const { verb, rest } = splitVerb(operations, argv)
  const asksHelp = rest.some((word, index) => isBefore(rest, '--', index) && (word === '--help' || word === '-h'))
  if (verb === 'help') return { kind: 'help', topic: rest.filter((word) => !word.startsWith('-')).join(' ') }
  if (asksHelp) return { kind: 'help', topic: verb }
  if (verb === '' && (rest.includes('--version') || rest.includes('-V'))) return { kind: 'version' }
  const operation = operations.find((one) => one.cli.verb === verb)
  if (operation === undefined) throw noSuchCommand(operations, verb)
  return { kind: 'run', operation, ...parseOptions(operation, rest) }
}

function isBefore(words: readonly string[], stop: string, index: number): boolean {
  const at = words.indexOf(stop)
  return at === -1 || index < at
}

/** The first word or two that are no options are the verb; options may stand before it. */
function splitVerb(operations: readonly AnyOperation[], argv: readonly string[]): { verb: string; rest: string[] } {
  const first = verbIndex(argv, wordsThatTakeAValue(operations))
  if (first === -1) return { verb: '', rest: [...argv] }
  const word = argv[first] ?? ''
  const two = `${word} ${argv[first + 1] ?? ''}`
  const isFamily = operations.some((one) => one.cli.verb === two)
  const rest = argv.filter((_, index) => index !== first && !(isFamily && index === first + 1))
  return { verb: isFamily ? two : word, rest }
}

/** Options that may stand before the verb, or where there is none: their value is not the verb. */
function wordsThatTakeAValue(operations: readonly AnyOperation[]): string[] {
  const alone = operations.find((one) => one.cli.verb === '')
  const valued = alone === undefined ? [] : fieldsOf(alone.input).filter((field) => field.kind !== 'boolean')
  return [...valueOptions, ...valued.map((field) => `--${field.flag}`)]
}

function verbIndex(argv: readonly string[], takeValue: readonly string[]): number {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (takeValue.includes(word)) index += 1
    else if (word === '--') return -1
    else if (!word.startsWith('-')) return index
  }
  return -1
}

function parseOptions(
  operation: AnyOperation,
  words: readonly string[],
): { input: Record<string, unknown>; global: GlobalOptions } {
  const command = new Command('upkeep').exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} })
  command.helpOption(false).allowExcessArguments(false)
  for (const { flags, says } of globalOptions) command.option(flags, says)
  const fields = fieldsOf(operation.input)
  const positionals = operation.cli.positionals.flatMap((key) => fields.filter((field) => field.key === key))
  for (const field of positionals) {
    const name = field.repeatable ? `${field.key}...` : field.key
    command.argument(field.required ? `<${name}>` : `[${name}]`)
  }
  const flagged = fields.filter((field) => !operation.cli.positionals.includes(field.key))
  for (const field of flagged) command.addOption(optionOf(field))
  runParser(operation, command, words)
  return { input: inputOf(command, positionals, flagged), global: globalsOf(command) }
}

function optionOf(field: Field): Option {
  const option = new Option(field.kind === 'boolean' ? `--${field.flag}` : `--${field.flag} <value>`)
  if (field.repeatable) option.argParser((value: string, all: string[] | undefined) => [...(all ?? []), value])
  if (field.kind === 'number') option.argParser(Number)
  return option
}

function runParser(operation: AnyOperation, command: Command, words: readonly string[]): void {
  try {
    command.parse([...words], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const message = error.message.replace(/^error: /, '').replace(/\.?$/, '.')
    throw new UserError(
      'bad-input',
      message,
      `See "upkeep ${operation.cli.verb}${operation.cli.verb === '' ? '' : ' '}--help".`,
    )
  }
}

function inputOf(command: Command, positionals: readonly Field[], flagged: readonly Field[]): Record<string, unknown> {
  const options: Record<string, unknown> = command.opts()
  const input: Record<string, unknown> = {}
  positionals.forEach((field, index) => {
    const value: unknown = command.processedArgs[index]
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) input[field.key] = value
  })
  for (const field of flagged) if (options[field.key] !== undefined) input[field.key] = options[field.key]
  return input
}

function globalsOf(command: Command): GlobalOptions {
  const given: Partial<GlobalOptions> = command.opts()
  return {
    json: given.json === true,
    csv: given.csv === true,
    verbose: given.verbose === true,
    config: given.config,
    as: given.as,
    practice: given.practice === true,
    color: given.color !== false,
    ascii: given.ascii === true,
    debug: given.debug === true,
  }
}

function noSuchCommand(operations: readonly AnyOperation[], verb: string): UserError {
  const family = operations.filter((one) => one.cli.verb.startsWith(`${verb} `))
  if (family.length > 0) {
    const parts = family.map((one) => `"upkeep ${one.cli.verb}"`).join(' or ')
    return new UserError('bad-input', `"upkeep ${verb}" takes one more word.`, `Write ${parts}.`)
  }
  const near = operations.find((one) => one.cli.verb !== '' && isNear(one.cli.verb, verb))
  const hint = near === undefined ? 'List them: "upkeep help all".' : `Did you mean "upkeep ${near.cli.verb}"?`
  return new UserError('not-found', `There is no command "${verb.slice(0, 60)}".`, hint)
}

/** One letter more, fewer or other, or the same beginning. */
function isNear(known: string, typed: string): boolean {
  if (typed.length >= 3 && known.startsWith(typed)) return true
  if (Math.abs(known.length - typed.length) > 1) return false
  let at = 0
  while (at < typed.length && typed[at] === known[at]) at += 1
  const rests = [known.slice(at), known.slice(at + 1)].flatMap((rest) => [
    [rest, typed.slice(at)],
    [rest, typed.slice(at + 1)],
  ])
  return rests.some(([one, other]) => one === other)
}
