import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverSubject } from '@upkeep/contract/subject'
import { remembered } from '@upkeep/domain/advisories/testing/given-urgency'
import { openIntel } from '@upkeep/engine/intel/open-intel'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { afterAll, expect, test } from 'vitest'
import { advisories as advisoriesCollector } from '../../collectors/advisories/collector.ts'
import { threatIntelligenceUpdates } from './duty.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-retro-'))
afterAll(() => rmSync(stateDir, { recursive: true, force: true }))

const mail = serverSubject('claude-desktop', '/home/ada/config.json', 'mail')
const sight = {
  server: mail,
  firstSeenAt: '2026-09-20T09:00:00.000Z',
  lastSeenAt: '2026-11-10T09:00:00.000Z',
  credentials: [{ where: 'env POSTMARK_TOKEN', kind: 'generic-token' }],
}
const history = remembered({
  since: '2026-09-01T09:00:00.000Z',
  packages: [{ ecosystem: 'npm', name: 'postmark-mcp', version: '1.0.16', sights: [sight] }],
})

/** Today's fleet is empty; only its past has the package. The record is the one that the built-in pack has. */
test('a package that was removed twenty days ago is found by a record that is read today, through the real collector', async () => {
  const http = createHttpPort()
  const at = '2026-11-30T09:00:00.000Z'
  const [advisories] = await advisoriesCollector.collect({
    for: { per: 'fleet', places: [] },
    prior: {
      'declared-server': [],
      'resolved-package': [],
      'bundled-code': [],
      'fleet-history': [{ kind: 'fleet-history', subject: { kind: 'fleet', id: 'fleet', name: 'fleet' }, ...history }],
    },
    ports: { intel: openIntel({ stateDir, http }) },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: false,
      registryUrl: '',
      feeds: { osv: [join(import.meta.dirname, '../../packs/mcp-advisories')], registry: [] },
    },
    at,
    signal: { aborted: false },
  })
  if (advisories === undefined) throw new Error('nothing was collected')
  const assessment = threatIntelligenceUpdates.assess({
    subject: { kind: 'fleet', id: 'fleet', name: 'fleet' },
    seen: { history, advisories },
    params: { maxFeedAgeDays: 35, lookBackDays: 365, watch: [] },
    at,
  })
  expect(assessment.findings).toMatchObject([
    {
      rule: 'malicious-package-was-here',
      facts: {
        advisory: 'MAL-2025-47604',
        windows: [{ firstSeenAt: sight.firstSeenAt, lastSeenAt: sight.lastSeenAt, credentials: sight.credentials }],
      },
      action: 'Replace what it could read: env POSTMARK_TOKEN (generic-token) of mail.',
    },
  ])
})
