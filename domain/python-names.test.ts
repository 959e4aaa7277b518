import { expect, test } from 'vitest'
import { distInfoName, metadataHeaders, pythonName, pythonRequirement, recordedTops } from './python-names.ts'

test('all spellings of a name are one', () => {
  expect(['Mcp_Server.Git', 'mcp-server-git', 'MCP--server__git'].map(pythonName)).toEqual(
    Array.from({ length: 3 }, () => 'mcp-server-git'),
  )
})

test.each([
  ['mcp-server-git', { name: 'mcp-server-git', requested: null, pinned: null }],
  ['Mcp_Server[cli]==1.2.0', { name: 'mcp-server', requested: '==1.2.0', pinned: '1.2.0' }],
  ['a>=1,<2 ; python_version > "3"', { name: 'a', requested: '>=1,<2', pinned: null }],
  ['a==1.*', { name: 'a', requested: '==1.*', pinned: null }],
  ['git+https://example.org/x', { name: 'git', requested: '+https://example.org/x', pinned: null }],
  ['', null],
  ['/path', null],
])('%s', (text, expected) => expect(pythonRequirement(text)).toEqual(expected))

test('dist-info names', () => {
  expect(distInfoName('Mcp_Server-1.0.post1.dist-info')).toEqual({ name: 'mcp-server', version: '1.0.post1' })
  for (const other of ['mcp', 'a-1.egg-info', '-1.dist-info', 'a-b-1.dist-info']) expect(distInfoName(other)).toBeNull()
})

test('headers end at the first empty line; the first of a name counts', () => {
  const headers = metadataHeaders('Name: a\r\nVersion: 1\nVersion: 2\n more\n\nVersion: 3\nLicence: x')
  expect([...headers]).toEqual([
    ['name', 'a'],
    ['version', '1'],
  ])
})

test('tops of a RECORD', () => {
  const record =
    'pkg/__init__.py,sha256=x,1\npkg/a.py,,\n"with, comma/b.py",,\npkg-1.dist-info/RECORD,,\n../../../bin/x,,\n'
  expect(recordedTops(record)).toEqual(['pkg', 'pkg-1.dist-info', 'with, comma'])
})
