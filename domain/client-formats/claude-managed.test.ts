import { expect, test } from 'vitest'
import { deniedBy } from './claude-managed.ts'
import { parseText } from './parse-text.ts'

const fs = { name: 'fs', command: 'npx', args: ['-y', 'server@1'], url: null }
const crm = { name: 'crm', command: null, args: [], url: 'https://crm.example/mcp' }

test.each<[string, unknown, boolean, boolean]>([
  ['a name', [{ serverName: 'fs' }], true, false],
  ['another name', [{ serverName: 'FS' }], false, false],
  ['a whole command line', [{ serverCommand: ['npx', '-y', 'server@1'] }], true, false],
  ['a command line with one word less', [{ serverCommand: ['npx', '-y'] }], false, false],
  ['a command line with one word more', [{ serverCommand: ['npx', '-y', 'server@1', '/'] }], false, false],
  ['a whole address', [{ serverUrl: 'https://crm.example/mcp' }], false, true],
  ['a pattern, which is not certain', [{ serverUrl: 'https://*.example/mcp' }], false, false],
  ['several', [{ serverName: 'crm' }, { serverName: 'fs' }], true, true],
  ['a list with an item of another form: none of it is certain', [{ serverName: 'fs' }, { name: 'x' }], false, false],
  ['an item with two keys', [{ serverName: 'fs', serverUrl: 'x' }], false, false],
  ['an empty command', [{ serverCommand: [] }], false, false],
  ['no list', { serverName: 'fs' }, false, false],
])('%s', (_, deniedMcpServers, first, second) => {
  const parsed = parseText(JSON.stringify({ deniedMcpServers }), 'json')
  if (parsed.state !== 'parsed') throw new Error('not parsed')
  const denies = deniedBy(parsed.tree)
  expect([denies(fs), denies(crm)]).toEqual([first, second])
})

test('without the file nothing is denied', () => expect(deniedBy(null)(fs)).toBe(false))
