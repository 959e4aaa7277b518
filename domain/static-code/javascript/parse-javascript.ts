import { type Options, type Program, parse } from 'acorn'
import type { ParsedFile } from '../syntax.ts'
import { lowerExpression } from './lower-expression.ts'
import { lowerStatements } from './lower-statement.ts'
import type { Lowering } from './lowering.ts'

const options: Options = {
  ecmaVersion: 'latest',
  locations: true,
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowImportExportEverywhere: true,
}

/** A JavaScript file in the small form. Reasons never quote the source. */
export function parseJavascript(text: string): ParsedFile {
  const program = asModule(text)
  if (typeof program === 'string') return { state: 'refused', reason: program }
  const lowering: Lowering = {
    expression: (node) => lowerExpression(node, lowering),
    statements: (nodes) => lowerStatements(nodes, lowering),
  }
  try {
    return { state: 'parsed', body: lowering.statements(program.body), problems: [] }
  } catch (error) {
    return refused(error)
  }
}

const tooDeep = 'nested too deep'

/** As a module, else as a script: some old ones use words that modules reserve. */
function asModule(text: string): Program | string {
  try {
    return parse(text, { ...options, sourceType: 'module' })
  } catch (error) {
    const reason = reasonOf(error)
    return reason === tooDeep ? reason : asScript(text)
  }
}

function asScript(text: string): Program | string {
  try {
    return parse(text, { ...options, sourceType: 'script' })
  } catch (error) {
    return reasonOf(error)
  }
}

function refused(error: unknown): ParsedFile {
  return { state: 'refused', reason: reasonOf(error) }
}

function reasonOf(error: unknown): string {
  // The engine's stack ends before ours would: the only sign of a text that is nested too deep.
  if (error instanceof RangeError) return tooDeep
  if (!(error instanceof SyntaxError)) throw error
  if (error.message.startsWith('Not enough stack space')) return tooDeep
  const line = /\((\d{1,9}):\d{1,9}\)$/.exec(error.message)?.[1]
  return line === undefined ? 'not valid JavaScript' : `not valid JavaScript at line ${line}`
}
