import { UserError } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { operations } from '../operations/table.ts'
import { helpTexts } from './help.ts'
import { parseCommand } from './parse-command.ts'

function parse(line: string) {
  return parseCommand(operations, line === '' ? [] : line.split(' '))
}

function errorOf(line: string): UserError {
  try {
    parse(line)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('it was understood')
}

describe('the command line', () => {
  test.each([
    ['', 'upkeep', {}],
    ['--html x.html --fail-on never', 'upkeep', { html: 'x.html', failOn: 'never' }],
    ['--html x.html scan', 'scan', { html: 'x.html' }],
    ['scan', 'scan', {}],
    [
      'scan health-checks --online --homes a --homes b',
      'scan',
      { duties: ['health-checks'], online: true, homes: ['a', 'b'] },
    ],
    ['--json scan --fail-on high', 'scan', { failOn: 'high' }],
    ['--config x.yaml findings fs', 'findings', { about: 'fs' }],
    ['baseline accept fs crm --reason why', 'baseline.accept', { servers: ['fs', 'crm'], reason: 'why' }],
    ['runs --limit 5', 'runs', { limit: 5 }],
    ['verify --checkpoint a --checkpoint b --rederive', 'verify', { checkpoint: ['a', 'b'], rederive: true }],
  ])('%s', (line, id, input) => {
    const parsed = parse(line)
    expect(parsed).toMatchObject({ kind: 'run', input })
    if (parsed.kind !== 'run') return
    expect(parsed.operation.id).toBe(id)
    expect(parsed.input).toEqual(input)
    expect(parsed.operation.input.safeParse(parsed.input).success).toBe(true)
  })

  test.each([
    ['--help', ''],
    ['help all', 'all'],
    ['scan --help', 'scan'],
    ['baseline accept -h', 'baseline accept'],
    ['help baseline show', 'baseline show'],
  ])('%s asks for help', (line, topic) => {
    expect(parse(line)).toEqual({ kind: 'help', topic })
  })

  test.each([
    ['scam', 'not-found', 'upkeep scan'],
    ['nonsense', 'not-found', 'upkeep help all'],
    ['baseline', 'bad-input', 'upkeep baseline accept'],
    ['scan --nonsense', 'bad-input', 'upkeep scan --help'],
    ['accept', 'bad-input', 'upkeep accept --help'],
    ['servers a b', 'bad-input', 'upkeep servers --help'],
  ])('%s is refused with what to do', (line, code, action) => {
    const error = errorOf(line)
    expect(error.code).toBe(code)
    expect(error.action).toContain(action)
  })

  test.each(operations.flatMap((one) => one.cli.examples.map(({ command }): [string, string] => [command, one.id])))(
    'the example is understood: %s',
    (command, id) => {
      const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
      const parsed = parseCommand(operations, words.slice(1))
      if (parsed.kind !== 'run') throw new Error('it asks for help')
      expect(parsed.operation.id).toBe(id)
      expect(parsed.operation.input.safeParse(parsed.input).error?.issues).toBeUndefined()
    },
  )

  test('every operation has help with an example, and the short help is short', () => {
    const texts = helpTexts(operations)
    const verbs = operations.map((one) => one.cli.verb).filter((verb) => verb !== '')
    for (const verb of verbs) expect(texts[verb]).toContain('Examples:')
    for (const operation of operations) expect(texts.all).toContain(`upkeep ${operation.cli.verb}`.trim())
    expect(texts['']?.split('\n').length).toBeLessThanOrEqual(18)
  })
})
