import { type Assessment, drawVerdict, serverSubject } from '@upkeep/contract'
import { copyOf, exposure, notAsked, npx, resolved } from '@upkeep/domain/advisories/testing/given'
import { vulnerabilityScanning } from '@upkeep/duties/vulnerability-scanning/duty'
import { expect, test } from 'vitest'
import { type Edition, feedsOfEdition, lookIn, practiceFeed } from './look.ts'

const at = '2026-11-22T09:00:00.000Z'
type Rules = typeof vulnerabilityScanning.rules

async function judge(version: string, edition: Edition, besides: string[] = []): Promise<Assessment<Rules>> {
  const copy = resolved('mcp-remote', [copyOf(`mcp-remote@${version}`)])
  const feeds = [...feedsOfEdition(edition), ...besides.map((path) => ({ path: practiceFeed(path) }))]
  const facts = await lookIn(feeds, ['mcp-remote'])
  const unseen = { state: 'absent', reason: 'not looked for' } as const
  const seen = {
    declared: npx('mcp-remote', version),
    resolved: copy,
    advisories: { state: 'seen', facts } as const,
    registry: notAsked,
    exposure: exposure(),
    bundled: unseen,
    source: unseen,
    surface: unseen,
    foreign: unseen,
    proofs: unseen,
    history: unseen,
  }
  const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'crm')
  const params = vulnerabilityScanning.params.parse({})
  return vulnerabilityScanning.assess({ subject, seen, params, at })
}

test('a finding carries what sources say otherwise, and what is known of its use by attackers', async () => {
  const { findings } = await judge('0.1.15', 'second-edition')
  expect(findings).toHaveLength(1)
  const facts = findings[0]?.facts ?? {}
  expect(facts).toMatchObject({
    advisory: 'GHSA-6xpm-ggf7-wc3p',
    fixedIn: ['0.1.16'],
    conflicts: [{ field: 'severity' }, { field: 'fixed' }, { field: 'summary' }],
    exploitation: {
      kev: { listed: true, dueDate: '2026-12-02' },
      epss: { score: 0.38 },
      ssvc: { exploitation: 'poc' },
    },
  })
})

test.each(['0.0.4', '0.1.15', '0.1.16'])('records set aside move no verdict of mcp-remote %s', async (version) => {
  const without = await judge(version, 'first-edition')
  const beside = await judge(version, 'first-edition', ['hostile-edition/osv', 'hostile-edition/indicators.csv'])
  const verdict = (one: typeof without) => drawVerdict(one, one.unknowns)
  expect(verdict(beside)).toBe(verdict(without))
  expect(beside.findings).toEqual(without.findings)
  expect(verdict(without)).toBe(version === '0.1.15' ? 'fail' : 'unknown')
})
