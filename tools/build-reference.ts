import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { helpTexts } from '../app/cli/help.ts'
import { operations } from '../app/operations/table.ts'
import { schemaFiles } from './schema-files.ts'

/** Writes the reference of the command line from the operation table; with `--check` it only says what is out of date. */
const reference = join(import.meta.dirname, '../docs/reference')
const wanted = new Map([
  ['commands.md', commandsPage()],
  ...[...schemaFiles()].map(([name, text]): [string, string] => [join('schemas', name), text]),
])

const stale = process.argv.includes('--check') ? check() : write()
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run generate".`)
  process.exitCode = 1
}

function commandsPage(): string {
  const texts = helpTexts(operations)
  const verbs = operations.flatMap((one) => (one.cli.verb === '' ? [] : [one.cli.verb]))
  const sections = verbs.map((verb) => `## upkeep ${verb}\n\n\`\`\`\n${(texts[verb] ?? '').trimEnd()}\n\`\`\`\n`)
  return `<!-- Generated from the operation table by "npm run generate". Do not edit. -->

# Commands

\`\`\`
${(texts.all ?? '').trimEnd()}
\`\`\`

What a command prints with \`--json\` follows its schema in \`schemas/\`.

${sections.join('\n')}`
}

function write(): string[] {
  mkdirSync(join(reference, 'schemas'), { recursive: true })
  for (const name of leftovers()) rmSync(join(reference, name))
  for (const [name, text] of wanted) writeFileSync(join(reference, name), text)
  return []
}

function check(): string[] {
  const differing = [...wanted].flatMap(([name, text]) => {
    const path = join(reference, name)
    return existsSync(path) && readFileSync(path, 'utf8') === text ? [] : [name]
  })
  return [...differing, ...leftovers()]
}

/** Schemas of operations that no longer exist. */
function leftovers(): string[] {
  const folder = join(reference, 'schemas')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .map((name) => join('schemas', name))
    .filter((name) => !wanted.has(name))
}
