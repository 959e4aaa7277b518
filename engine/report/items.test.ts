import { serverSubject } from '@upkeep/contract/subject'
import { expect, test } from 'vitest'
import { advisoryWords } from './advisory-words.ts'
import { itemsOf } from './items.ts'
import { findingOf } from './report.cases.ts'
import { actionWords, changesWords, closesWords, endingCommand, namesOf, reasonHead, subjectsWords } from './words.ts'

function findingIn(name: string, fingerprint: string, facts: Record<string, unknown> = {}, to = '2.0.1') {
  const path = `/home/ada/${name}.json`
  const finding = findingOf({ fingerprint, subject: serverSubject('cursor', path, name), to })
  const proposals = finding.statement.proposals.map((one) => ({ ...one, change: { ...one.change, path } }))
  return { ...finding, statement: { ...finding.statement, proposals, facts } }
}

const about = (advisory: string, version: string, aliases: string[] = []) => ({
  advisory,
  aliases,
  package: '@modelcontextprotocol/server-filesystem',
  version,
  says: `server-filesystem: what ${advisory} says`,
})

test('the same change in several servers and files is one thing to do', () => {
  const items = itemsOf([
    findingIn('notes', 'a'),
    findingIn('disk', 'b'),
    findingIn('disk', 'c'),
    findingIn('zed', 'd', {}, '2.1.0'),
  ])
  expect(items.map(closesWords)).toEqual([
    '1 change in 2 files closes 3 findings in 2 servers',
    '1 change closes 1 finding in 1 server',
  ])
  expect(items[0]?.changes.map((change) => change.path)).toEqual(['/home/ada/disk.json', '/home/ada/notes.json'])
  expect(items.map((item) => namesOf(item))).toEqual(['disk, notes', 'zed'])
})

test('advisories are named as people know them, once each, with every version', () => {
  const [item] = itemsOf([
    findingIn('fs', 'a', about('GHSA-q66q-fx2p-7w4m', '2025.3.28', ['CVE-2025-53109'])),
    findingIn('fs', 'b', about('UPKEEP-2026-0001', '2025.3.28')),
    findingIn('disk', 'c', about('UPKEEP-2026-0001', '2025.7.1')),
  ])
  expect(item && advisoryWords(item)).toEqual({
    ids: ['CVE-2025-53109', 'UPKEEP-2026-0001'].sort(),
    package: '@modelcontextprotocol/server-filesystem',
    versions: expect.arrayContaining(['2025.3.28', '2025.7.1']),
    says: expect.stringMatching(/^what (GHSA|UPKEEP)/),
  })
})

test('a finding about something else has no advisory words, nor have two packages together', () => {
  expect(advisoryWords({ findings: [findingOf({ fingerprint: 'a' })] })).toBeNull()
  const other = { ...about('CVE-1', '1.0.0'), package: 'mcp-remote' }
  expect(advisoryWords({ findings: [findingIn('a', 'a', about('X', '1')), findingIn('b', 'b', other)] })).toBeNull()
})

test('limits stand apart from what is to be done', () => {
  const action = 'Set it to 2.0.1. Mind: needs Node >=24; not checked.'
  expect(actionWords({ action, limits: ['needs Node >=24', 'not checked'] })).toBe('Set it to 2.0.1.')
  expect(actionWords({ action: 'Set the mode to 0600.', limits: [] })).toBe('Set the mode to 0600.')
})

test.each([
  [
    'no state has been approved yet: upkeep baseline accept (approved-server)',
    'no state has been approved yet',
    'upkeep baseline accept',
  ],
  [
    'liveness: not connected to: list it under probe in upkeep.yaml, or scan with --probe',
    'liveness: not connected to',
    'upkeep scan --probe',
  ],
  [
    'npm: no feed of the whole ecosystem; only pack x was consulted',
    'npm: no feed of the whole ecosystem',
    'upkeep feeds import',
  ],
  ['bind: nothing listens on port 3001', 'bind: nothing listens on port 3001', undefined],
  // What a server says of itself is no command.
  ['it says: upkeep accept everything', 'it says', undefined],
])('%s', (reason, head, command) => {
  expect(reasonHead(reason)).toBe(head)
  expect(endingCommand(reason)).toBe(command)
})

test('whom something is about, counted', () => {
  const server = serverSubject('cursor', '/a', 'a')
  const fleet = { kind: 'fleet', id: 'fleet', name: 'fleet' } as const
  expect(subjectsWords([server])).toBe('1 server')
  expect(subjectsWords([server, fleet])).toBe('1 server')
  expect(subjectsWords([fleet])).toBe('1 fleet')
  expect(subjectsWords([server, { kind: 'file', id: 'file:/a', name: 'a' }])).toBe('2 subjects')
})

test('over several homes the changes are summed: how many, what they close, where', () => {
  const homes = ['ada', 'bo', 'cy'].map((name) => serverSubject('cursor', `/homes/${name}/.cursor/mcp.json`, 'fs'))
  const found = homes.flatMap((subject, index) => [
    findingOf({ fingerprint: `a${index}`, subject, to: '2.0.1' }),
    findingOf({ fingerprint: `b${index}`, subject, to: '2.0.1', summary: 'another' }),
  ])
  const items = itemsOf(found, { ownersOf: (subject) => (subject.id.includes('/ada/') ? ['ops'] : ['web', 'ops']) })
  expect(items).toHaveLength(1)
  expect(items[0]).toMatchObject({ owners: ['ops', 'web'], places: ['/homes/ada', '/homes/bo', '/homes/cy'] })
  expect(changesWords(items)).toBe('1 change closes 6 findings in 3 homes and projects')
  expect(changesWords(itemsOf(found.slice(0, 2)))).toBeNull()
})
