import { type Field, fieldsOf } from '../operations/input-shape.ts'
import type { AnyOperation } from '../operations/operation.ts'
import { globalOptions } from './global-options.ts'

/** Every help text by topic: `` (short), `all`, and each verb. Written into the program when it is built. */
export function helpTexts(operations: readonly AnyOperation[]): Record<string, string> {
  const verbs = operations
    .filter((one) => one.cli.verb !== '')
    .map((one): [string, string] => [one.cli.verb, `${verbHelp(one)}${furtherHelp(one.cli.verb, operations)}`])
  const families = new Set(
    operations.flatMap((one) => (one.cli.verb.includes(' ') ? [one.cli.verb.split(' ')[0] ?? ''] : [])),
  )
  const parts = [...families].map((family): [string, string] => [family, familyHelp(family, operations)])
  return {
    ...Object.fromEntries(parts),
    ...Object.fromEntries(verbs),
    '': shortHelp(operations),
    all: allHelp(operations),
  }
}

function shortHelp(operations: readonly AnyOperation[]): string {
  const front = operations.filter((one) => one.cli.listed === 'front')
  return `upkeep: maintenance for MCP servers. Looks, starts nothing, sends nothing.

${verbLines(front)}

One command:  upkeep <command> --help
Everything:   upkeep help all
`
}

function allHelp(operations: readonly AnyOperation[]): string {
  return `Every command:

${verbLines(operations)}

With every command:

${columns(globalOptions.map(({ flags, says }) => [flags, says]))}

Exit codes: 0 nothing to report, 1 findings (see --fail-on), 3 something could not be judged,
2 asked wrongly, 70 a defect of upkeep. The worst counts: 70, 2, 1, 3, 0.
State: $UPKEEP_HOME, else the place of this system for state. It works offline and without an account.
`
}

function verbHelp(operation: AnyOperation): string {
  const fields = fieldsOf(operation.input)
  const flags = fields.filter((field) => !operation.cli.positionals.includes(field.key))
  const words = operation.cli.positionals.flatMap((key) => fields.filter((field) => field.key === key))
  const arguments_ = words.length === 0 ? '' : `\n${columns(words.map((field) => [wordOf(field), explained(field)]))}\n`
  const options = flags.length === 0 ? '' : `\n${columns(flags.map((field) => [flagOf(field), explained(field)]))}\n`
  const examples = columns(operation.cli.examples.map(({ command, says }) => [command, says]))
  return `${usageOf(operation, words)}

${capital(operation.summary)}.
${arguments_}${options}
Examples:

${examples}

--json, --csv and more go with every command: upkeep help all
`
}

/** A verb that others begin with leads to them. */
function furtherHelp(verb: string, operations: readonly AnyOperation[]): string {
  const [family = ''] = verb.split(' ')
  const further = operations.filter((one) => one.cli.verb !== verb && one.cli.verb.split(' ')[0] === family)
  return further.length === 0 ? '' : `\nSee also:\n\n${verbLines(further)}\n`
}

function familyHelp(family: string, operations: readonly AnyOperation[]): string {
  return `${verbLines(operations.filter((one) => one.cli.verb.startsWith(`${family} `)))}\n`
}

function usageOf(operation: AnyOperation, words: readonly Field[]): string {
  return ['Usage: upkeep', operation.cli.verb, ...words.map(wordOf), '[options]']
    .filter((part) => part !== '')
    .join(' ')
}

function verbLines(operations: readonly AnyOperation[]): string {
  return columns(operations.map((one) => [`upkeep ${one.cli.verb}`.trim(), one.summary]))
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(40, Math.max(...rows.map(([left]) => left.length)) + 2)
  return rows
    .map(([left, right]) =>
      left.length + 2 > width ? `  ${left}\n  ${' '.repeat(width)}${right}` : `  ${left.padEnd(width)}${right}`,
    )
    .join('\n')
}

function wordOf(field: Field): string {
  const name = field.choices.length > 0 ? field.valueName : field.key
  const many = field.repeatable ? '…' : ''
  return field.required ? `<${name}${many}>` : `[${name}${many}]`
}

/** `--fail-on <severity>` as it is typed. */
function flagOf(field: Field): string {
  if (field.kind === 'boolean') return `--${field.flag}`
  return `--${field.flag} <${field.valueName}>`
}

function explained(field: Field): string {
  const notes = [field.repeatable ? 'may be repeated' : '', field.fallback === null ? '' : `default ${field.fallback}`]
  const said = notes.filter((note) => note !== '').join('; ')
  return said === '' ? field.describes : `${field.describes} (${said})`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
