import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { printableJson } from '@upkeep/domain/printable-json'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { cycloneDxVex } from './cyclonedx-vex.ts'
import { openVex } from './openvex.ts'
import { hostile } from './report.cases.ts'
import { advisoryOf, crm, openFinding, statementsOfEach } from './vex.cases.ts'
import { vexStatements } from './vex-statements.ts'

const origin = { version: '0.1.0', observedAt: '2026-11-22T09:30:00.000Z', run: 'run-1', stamps: [], author: 'upkeep' }
const judge = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
const evil = vexStatements([crm], null, [
  { finding: openFinding('h', crm.subject, hostile, hostile), acceptance: null },
])

// The schema that OpenVEX publishes, where the development data has it.
const schemaPath = resolve(import.meta.dirname, '../../../shared/data/openvex/openvex_json_schema.json')

describe('VEX', () => {
  test('each advisory about what is there is stated once', () => {
    const told = statementsOfEach().map((one) => [
      one.vulnerability.id,
      one.status,
      one.purl,
      one.servers.map((server) => server.name).join(),
    ])
    expect(told).toEqual([
      ['CVE-2025-6514', 'affected', 'pkg:npm/mcp-remote@0.1.15', 'crm'],
      ['CVE-2025-6514', 'affected', 'pkg:npm/mcp-remote@0.1.15', 'shop'],
      ['GHSA-later', 'not-affected', 'pkg:npm/express@4.21.0', 'crm'],
      ['GHSA-old', 'fixed', 'pkg:npm/express@4.21.0', 'crm'],
      ['GHSA-open', 'under-investigation', 'pkg:npm/open@not-a-version', 'crm'],
    ])
  })

  test('code that is only recognised inside a bundle is stated too: clear where every version it can be is, else looked into', () => {
    const evidence = { technique: 'fingerprint' as const, confidence: 0.74, file: 'dist/chunk.js', detail: '' }
    const inside = (versions: string[]) => {
      const part = {
        ecosystem: 'npm' as const,
        name: 'sdk',
        versions,
        nearest: [],
        copy: '/c',
        within: 'mcp-remote',
        evidence,
      }
      const bundled = { state: 'seen' as const, facts: { indexes: [], components: [part], problems: [] } }
      return vexStatements(
        [{ ...crm, resolved: null, bundled }],
        { feeds: [], indicators: [], records: [advisoryOf('GHSA-sdk', 'sdk', '1.25.2')] },
        [],
      )
    }
    expect(inside([])).toMatchObject([
      {
        status: 'under-investigation',
        purl: null,
        version: 'not known',
        why: expect.stringContaining('dist/chunk.js'),
      },
    ])
    expect(inside(['1.20.0', '1.26.0'])).toMatchObject([{ status: 'under-investigation', purl: null }])
    expect(inside(['1.26.0'])).toMatchObject([{ status: 'fixed', purl: 'pkg:npm/sdk@1.26.0' }])
  })

  test('aliases are ids that a reader can look up: the page of anyone is none', () => {
    const finding = openFinding('a', crm.subject)
    const aliases = ['SITE-2025-1', 'CVE-2025-6514', 'PYSEC-2025-1', 'see https://example.org', 'MAL-2025-1']
    const facts = { ...finding.statement.facts, aliases }
    const [one] = vexStatements([crm], null, [
      { finding: { ...finding, statement: { ...finding.statement, facts } }, acceptance: null },
    ])
    expect(one?.vulnerability).toMatchObject({
      id: 'CVE-2025-6514',
      aliases: ['GHSA-6xpm', 'PYSEC-2025-1', 'MAL-2025-1'],
    })
  })

  test('a resolved finding is no statement; what no run has stated yet is under investigation', () => {
    const finding = { ...openFinding('a', crm.subject), state: 'resolved' as const }
    expect(vexStatements([crm], null, [{ finding, acceptance: null }])).toEqual([])
  })
})

describe('CycloneDX VEX', () => {
  test('the published schema takes it, and refuses it when it is broken', async () => {
    const text = printableJson(cycloneDxVex(statementsOfEach(), origin))
    expect(await judge.validate(text)).toBeNull()
    expect(await judge.validate(text.replace('"exploitable"', '"perhaps"'))).not.toBeNull()
    expect(await judge.validate(printableJson(cycloneDxVex([], origin)))).toBeNull()
  })

  test('an acceptance is a response, not a state; every reference leads to a component', () => {
    const bom = cycloneDxVex(statementsOfEach(), origin)
    expect(bom.vulnerabilities?.map((one) => [one.analysis.state, one.analysis.response])).toEqual([
      ['exploitable', ['update']],
      ['exploitable', ['will_not_fix']],
      ['not_affected', undefined],
      ['resolved', undefined],
      ['in_triage', undefined],
    ])
    expect(bom.vulnerabilities?.[1]?.analysis.detail).toContain('Accepted by ada until 2026-12-20: moves next month')
    const refs = new Set(bom.components.map((one) => one['bom-ref']))
    expect(bom.vulnerabilities?.every((one) => one.affects.every((each) => refs.has(each.ref)))).toBe(true)
  })

  test('hostile text stays text', async () => {
    const text = printableJson(cycloneDxVex(evil, { ...origin, stamps: ['PRACTICE: not yours'] }))
    expect(await judge.validate(text)).toBeNull()
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u{e0041}]/u)
    expect(text).toContain('PRACTICE: not yours')
  })
})

describe('OpenVEX', () => {
  test('what the format asks of each status is there', () => {
    const { statements } = openVex(statementsOfEach(), origin)
    for (const one of statements) {
      expect(one.action_statement !== undefined).toBe(one.status === 'affected')
      expect(one.impact_statement !== undefined).toBe(one.status === 'not_affected')
      // Its justifications speak of the code, and nothing but a version was looked at.
      expect(one).not.toHaveProperty('justification')
      expect(one.products[0]?.['@id']).toMatch(/^pkg:npm\//)
    }
    expect(statements.map((one) => one.status)).toEqual([
      'affected',
      'affected',
      'not_affected',
      'fixed',
      'under_investigation',
    ])
    expect(statements[1]?.action_statement).toMatch(/^Accepted by ada until 2026-12-20: moves next month/)
  })

  test('the same records give the same document, another statement another id', () => {
    const one = openVex(statementsOfEach(), origin)
    expect(openVex(statementsOfEach(), origin)).toEqual(one)
    expect(openVex(statementsOfEach().slice(1), origin)['@id']).not.toBe(one['@id'])
    expect(openVex(evil, { ...origin, stamps: ['PRACTICE: not yours'] }).tooling).toBe(
      'upkeep 0.1.0; PRACTICE: not yours',
    )
  })

  test.skipIf(!existsSync(schemaPath))('the published schema takes it, and refuses it when it is broken', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    const takes = ajv.compile(JSON.parse(readFileSync(schemaPath, 'utf8')))
    for (const statements of [statementsOfEach(), evil]) {
      const text = printableJson(openVex(statements, origin))
      takes(JSON.parse(text))
      expect(takes.errors).toBeNull()
      expect(takes(JSON.parse(text.replace('"status": "affected"', '"status": "perhaps"')))).toBe(false)
    }
  })
})
