import type { FleetHistory } from '@upkeep/contract/observations/fleet-history'
import { expect, test } from 'vitest'
import { affectedByPackages } from './affected-servers.ts'

const sight = (name: string, lastSeenAt: string | null = null) => ({
  server: { kind: 'server' as const, id: `server:cursor:/${name}.json#${name}`, name },
  firstSeenAt: '2026-08-01T09:00:00.000Z',
  lastSeenAt,
  credentials: [],
})
const npm = (name: string, version: string | null, ...sights: ReturnType<typeof sight>[]) => ({
  ...{ ecosystem: 'npm', name, version, sights },
})
const history: FleetHistory = {
  since: '2026-08-01T09:00:00.000Z',
  packages: [
    npm('mcp-remote', '0.1.15', sight('ann'), sight('ben', '2026-11-02T09:00:00.000Z')),
    npm('mcp-remote', '0.1.38', sight('cat')),
    npm('mcp-remote', null, sight('eve')),
    npm('other', '0.1.15', sight('dan')),
  ],
  known: [],
  leftOut: [],
}
const patch = {
  facts: { package: 'mcp-remote', ecosystem: 'npm', sheet: [{ name: 'CVE-2025-6514', advisory: 'GHSA-6xpm' }] },
}
const past = (over: object = {}) => ({
  facts: {
    ...{
      advisory: 'GHSA-6xpm',
      aliases: ['CVE-2025-6514'],
      ecosystem: 'npm',
      package: 'mcp-remote',
      versions: ['0.1.15'],
    },
    ...over,
  },
})
const all = ['ann', 'ben', 'cat', 'eve']

test.each<[string, Parameters<typeof affectedByPackages>[1], ReturnType<typeof past>[], string[]]>([
  ['nobody says which versions: every one', patch, [], all],
  ['those that are said, and one that nobody knows', patch, [past()], ['ann', 'ben', 'eve']],
  ['said of another hole', patch, [past({ advisory: 'GHSA-other', aliases: [] })], all],
  ['said of a package of that name elsewhere', patch, [past({ ecosystem: 'PyPI' })], all],
  ['the finding says it itself', past(), [past()], ['ann', 'ben', 'eve']],
  ['of a package that was never here', { facts: { package: 'gone' } }, [past()], []],
])('who is affected: %s', (_, finding, open, expected) => {
  expect(affectedByPackages(history, finding, open).map(({ name }) => name)).toEqual(expected)
})

test('what is gone bears the day on which it was last there', () => {
  const [ann, ben] = affectedByPackages(history, patch, [past()])
  expect([ann?.until, ben?.until]).toEqual([null, '2026-11-02T09:00:00.000Z'])
  expect(ben?.part).toBe('npm mcp-remote 0.1.15')
})
