import { expect, test } from 'vitest'
import { entryLines } from './entry-lines.ts'

test.each([
  ['json', '{\n  "mcpServers": {\n    "fs": { "command": "npx" },\n    "a\\"b": {}\n  }\n}', { fs: 3, 'a"b': 4 }],
  ['json', '{"mcpServers":{"fs":{}}}', { fs: 1 }],
  ['json', '{\n"fs": 1,\n"other": { "fs": 2 }\n}', {}],
  ['json', '{\n"note": "fs"\n}', {}],
  ['toml', '[mcp_servers.fs]\ncommand = "npx"\n\n[mcp_servers."a\\"b"]\n[mcp_servers.fs.env]\n', { fs: 1 }],
  ['yaml', 'mcpServers:\n  - name: fs\n    command: npx\n', { fs: 2 }],
  ['yaml', 'mcpServers:\n  "fs":\n    command: npx\n', { fs: 2 }],
] as const)('%s: %j', (format, text, expected) => {
  expect(Object.fromEntries(entryLines(text, ['fs', 'a"b'], format))).toEqual(expected)
})

test('long lines end', () => {
  const line = `{${'"a'.repeat(9_000)}`
  expect(entryLines(`${line}\n${' '.repeat(19_000)}x\n${'"\\'.repeat(100_000)}`, ['a'], 'json').size).toBe(0)
  expect(entryLines(`${' '.repeat(19_000)}x\n${'['.repeat(19_000)}`, ['a'], 'toml').size).toBe(0)
  expect(entryLines(' - name: '.repeat(2_000), ['a'], 'yaml').size).toBe(0)
})
