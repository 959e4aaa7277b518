import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Facts, Settings } from '@upkeep/contract'
import { fleet, serverSubject } from '@upkeep/contract/subject'
import { bundled, copyOf, npx, resolved } from '@upkeep/domain/advisories/testing/given'
import { remembered, shippedTable } from '@upkeep/domain/advisories/testing/given-urgency'
import { openIntel } from '@upkeep/engine/intel/open-intel'
import { openFiles } from '@upkeep/engine/ports/files'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { openAnswers } from '@upkeep/engine/ports/kept-answers'
import { afterAll, describe, expect, test } from 'vitest'
import { advisories as advisoriesCollector } from '../../collectors/advisories/collector.ts'
import { registry as registryCollector } from '../../collectors/registry/collector.ts'
import { securityPatchAssessment } from './duty.ts'

/**
 * The weekly sheet over what the real collectors read: the built-in pack, a second edition of one of its records, a source that says
 * otherwise, and a packument cut from the registry's.
 */
const filesystem = '@modelcontextprotocol/server-filesystem'
const fixtures = join(import.meta.dirname, '../vulnerability-scanning/fixtures')
const pack = join(import.meta.dirname, '../../packs/mcp-advisories')
const secondEdition = join(fixtures, 'second-edition')
const packument = join(fixtures, 'registry/server-filesystem.json')
const root = mkdtempSync(join(tmpdir(), 'upkeep-sheet-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const http = createHttpPort()
const answers = openAnswers(join(root, 'answers'))
const subject = serverSubject('claude-desktop', '/home/ada/config.json', 'fs')
const notLooked = { state: 'unavailable', code: 'not-consented', reason: 'not asked' } as const

interface Given {
  feeds?: Partial<Settings['feeds']>
  components?: Facts<'bundled-code'>['components']
  at?: string
}

async function sheet(
  name: string,
  version: string,
  { feeds = {}, components = [], at = '2026-11-30T09:00:00.000Z' }: Given = {},
) {
  const declared = npx(name, version)
  const copies = resolved(name, [copyOf(`${name}@${version}`)])
  const inside = bundled(components)
  const call = {
    for: { per: 'fleet' as const, places: [] },
    prior: {
      'declared-server': [{ kind: 'declared-server' as const, subject, ...declared }],
      'resolved-package': [{ kind: 'resolved-package' as const, subject, ...copies }],
      'bundled-code': [{ kind: 'bundled-code' as const, subject, ...inside }],
      'fleet-history': [{ kind: 'fleet-history' as const, subject: fleet, ...remembered() }],
    },
    ports: { files: openFiles({ stateDir: null }).files, http, intel: openIntel({ stateDir: root, http }), answers },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: false,
      registryUrl: '',
      feeds: { osv: [pack], registry: [packument], ...feeds },
    },
    at,
    signal: { aborted: false },
  }
  const [advisories] = await advisoriesCollector.collect(call)
  const [registry] = await registryCollector.collect(call)
  if (advisories === undefined || registry === undefined) throw new Error('nothing was collected')
  return securityPatchAssessment.assess({
    subject,
    seen: {
      declared,
      resolved: copies,
      advisories,
      bundled: inside,
      registry,
      listener: notLooked,
      endpoint: notLooked,
      table: shippedTable,
      history: remembered(),
    },
    params: { maxFeedAgeDays: 35, minimumAgeDays: 3 },
    at,
  })
}

describe('the first edition', () => {
  test('one decision for 2025.3.28: to 2.0.1, not to the latest, with what to mind and by when', async () => {
    const { findings } = await sheet(filesystem, '2025.3.28')
    expect(findings).toMatchObject([
      {
        rule: 'patch-available',
        summary: expect.stringContaining('2025.3.28 has 3 known vulnerabilities that 2.0.1 closes'),
        action: expect.stringContaining(
          "Set it to 2.0.1; the registry's latest, 2026.8.31, is still affected by UPKEEP-2026-0001.",
        ),
        proposals: [{ change: { kind: 'set-server-version', from: '2025.3.28', to: '2.0.1' } }],
        due: { at: '2026-12-03T09:00:00.000Z', table: { id: 'upkeep-due-dates', version: 1 } },
      },
    ])
    expect(findings[0]?.facts.candidates[0]).toMatchObject({
      version: '2.0.1',
      raisesFloor: true,
      engines: '>=24',
      provenance: 'unavailable',
    })
    expect(findings[0]?.action).toContain('needs Node >=24; 2025.3.28 states no limit')
    expect(findings[0]?.due?.why).toContain('taken as exploited: no list of the exploited at hand')
  })

  test('2.0.1 does not have CVE-2025-53109, and the sheet says why', async () => {
    const { findings, passes } = await sheet(filesystem, '2.0.1')
    expect(findings).toEqual([])
    expect(passes.join('\n')).toContain(`CVE-2025-53109 does not apply (not_affected): ${filesystem} 2.0.1`)
  })
})

test('the second edition: 2.0.1 is affected, its fix is not to be had, and what to do meanwhile is said', async () => {
  const { findings } = await sheet(filesystem, '2.0.1', { feeds: { osv: [pack, secondEdition] } })
  expect(findings).toMatchObject([
    {
      rule: 'fix-not-obtainable',
      action: expect.stringContaining(
        'Fixed in 2.4.0, not in your registry: mitigate or accept. Until then, disable its entry.',
      ),
      facts: { sheet: [{ advisory: 'UPKEEP-2026-0001', fixedIn: ['2.4.0'], state: 'exploitable' }] },
    },
  ])
})

test('code that is only recognised inside a bundle has its own decision', async () => {
  const sdk = '@modelcontextprotocol/sdk'
  const record = {
    id: 'UPKEEP-2026-0900',
    modified: '2026-11-01T00:00:00Z',
    summary: 'a made-up hole of the SDK',
    affected: [
      {
        package: { ecosystem: 'npm', name: sdk },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.25.2' }] }],
      },
    ],
  }
  const file = join(root, 'sdk.json')
  writeFileSync(file, JSON.stringify(record))
  const { findings } = await sheet('mcp-remote', '0.1.38', {
    feeds: { osv: [file], registry: [packument] },
    components: [
      {
        ecosystem: 'npm',
        name: sdk,
        versions: ['1.12.0', '1.12.1'],
        nearest: [],
        copy: '/home/ada/.npm/_npx/0123456789abcdef',
        within: 'node_modules/mcp-remote',
        evidence: {
          technique: 'fingerprint',
          confidence: 0.97,
          file: 'node_modules/mcp-remote/dist/chunk-A.js',
          detail: '',
        },
      },
    ],
  })
  expect(findings).toMatchObject([
    {
      rule: 'patch-available',
      summary: expect.stringContaining(`${sdk} 1.12.0 to 1.12.1 has a known vulnerability that 1.25.2 closes`),
      action: expect.stringContaining(`Update the server to a version that was built with ${sdk} 1.25.2 or later.`),
    },
  ])
})

test('CVE-2025-6514 is told as its own record has it, and what another source says stands beside it', async () => {
  const pages = {
    id: 'SITE-6514',
    aliases: ['CVE-2025-6514'],
    modified: '2026-11-01T00:00:00Z',
    summary: 'authentication bypass via unscoped endpoints',
    database_specific: { severity: 'HIGH' },
    affected: [
      {
        package: { ecosystem: 'npm', name: 'mcp-remote' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '0.1.10' }] }],
      },
    ],
  }
  const file = join(root, 'pages.json')
  writeFileSync(file, JSON.stringify(pages))
  const { findings } = await sheet('mcp-remote', '0.1.15', { feeds: { osv: [pack, file], registry: [packument] } })
  const [finding] = findings
  expect(finding).toMatchObject({
    rule: 'patch-available',
    severity: 'critical',
    facts: { sheet: [{ name: 'CVE-2025-6514', says: expect.stringContaining('shell command'), fixedIn: ['0.1.16'] }] },
  })
  expect(JSON.stringify(finding?.facts.sheet[0]?.conflicts)).toContain('authentication bypass')
  expect(finding?.summary).toContain('sources differ on')
})

test('feeds of thirty days ago with a limit of seven mark the verdict, and clear nothing', async () => {
  const { findings, unknowns } = await sheet(filesystem, '2.0.1', {
    feeds: { osv: [], sources: [{ path: pack, maxAgeDays: 7 }], registry: [packument] },
    at: '2026-12-24T09:00:00.000Z',
  })
  expect(findings).toEqual([])
  expect(unknowns.join('\n')).toMatch(/past its own limit of 7 days, newest 2026-/)
})
