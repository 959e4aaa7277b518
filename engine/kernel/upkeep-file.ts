import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { UserError } from '@upkeep/contract/errors'
import { UpkeepFile } from '@upkeep/contract/upkeep-file'
import { readYaml, type YamlDocument, yamlTree } from '@upkeep/domain/client-formats/parse-yaml'
import { isList, isMap, type Parsed, type Tree } from '@upkeep/domain/client-formats/tree'
import { explainIssue, keyLine, lineOf } from './upkeep-file-issue.ts'

const maxBytes = 1024 * 1024
const maxErrors = 10
const action = 'Put that right, or write a new file with: upkeep init'

/** Reads and checks the owner's file. Errors: `not-found`, and `config-invalid` with the line of everything that is wrong. */
export function readUpkeepFile(path: string): UpkeepFile {
  return parseUpkeepFile(readText(path), path)
}

/** Checks the text of an `upkeep.yaml`. Messages name lines, keys and what was expected; values are never repeated. */
export function parseUpkeepFile(text: string, path: string): UpkeepFile {
  if (text.length > maxBytes) throw invalid(path, [`it is larger than ${maxBytes} bytes`])
  const read = readYaml(text)
  if ('state' in read) throw invalid(path, [read.reason])
  const tree = accepted(yamlTree(read), path)
  if (!isMap(tree)) throw invalid(path, ['line 1: keys with values were expected'])
  const checked = UpkeepFile.safeParse(plainOf(tree))
  if (checked.success) return checked.data
  throw invalid(path, errorLines(read, checked.error.issues))
}

function accepted(parsed: Parsed, path: string): Tree {
  if (parsed.state === 'refused') throw invalid(path, [parsed.reason])
  if (parsed.problems.length === 0) return parsed.tree
  throw invalid(
    path,
    parsed.problems.map(({ at, problem }) => `${at}: ${problem}`),
  )
}

type Issues = Parameters<typeof explainIssue>[0][]

/** One line per thing that is wrong, in the order of the file; each unknown key by itself. */
function errorLines({ document, lines }: YamlDocument, issues: Issues): string[] {
  const found = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ line: lineOf(document.contents, lines, issue.path), text: explainIssue(issue, document.contents) }]
    }
    return issue.keys.map((key) => ({
      line: keyLine(document.contents, lines, issue.path, key),
      text: explainIssue({ ...issue, keys: [key] }, document.contents),
    }))
  })
  return found.sort((a, b) => a.line - b.line).map(({ line, text }) => `line ${line}: ${text}`)
}

function invalid(path: string, problems: readonly string[]): UserError {
  const shown = problems.slice(0, maxErrors)
  const more = problems.length > shown.length ? [`and ${problems.length - shown.length} more`] : []
  return new UserError('config-invalid', [`${path} has an error.`, ...shown, ...more].join('\n  '), action)
}

/** Objects without a prototype, so that no key of the file can be taken for a property that was there. */
function plainOf(tree: Tree): unknown {
  if (isList(tree)) return tree.map(plainOf)
  if (!isMap(tree)) return tree
  const made: Record<string, unknown> = Object.create(null)
  for (const [key, value] of tree) made[key] = plainOf(value)
  return made
}

/** The text of a regular file within the bound. Opened without waiting, so that a pipe cannot hold us up. */
function readText(path: string): string {
  const handle = openFile(path)
  try {
    const facts = fstatSync(handle)
    if (!facts.isFile()) throw invalid(path, ['it is not a file'])
    if (facts.size > maxBytes) throw invalid(path, [`it is larger than ${maxBytes} bytes`])
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(handle))
  } catch (thrown) {
    if (thrown instanceof TypeError) throw invalid(path, ['the text is not UTF-8'])
    throw thrown
  } finally {
    closeSync(handle)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
    if (code === 'ENOENT') throw new UserError('not-found', `${path} does not exist.`, 'Write one with: upkeep init')
    throw new UserError(
      'config-invalid',
      `${path} cannot be read (${code}).`,
      'Make it readable, or name another file.',
    )
  }
}
