import { fileURLToPath } from 'node:url'
import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { madeContract, madePublisher } from '@upkeep/engine/evidence/testing/made-contract'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { approvedChange } from './testing/example-change.ts'
import { pageAt, testExamples } from './testing/page-examples.ts'

const page = pageAt('docs/maintenance-contract.md')
const fixture = (name: string) => fileURLToPath(new URL(`../docs/fixtures/maintenance/${name}`, import.meta.url))
const publisher = madePublisher(1, 'upkeep/acme')

/** The example of the page: everything in it follows from what stands here. */
const example = madeContract(publisher, {
  changes: [{ state: approvedChange, sheet: sheet() }],
  vex: {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'urn:upkeep:openvex:example',
    author: 'upkeep',
    timestamp: '2026-11-26T03:00:00.000Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: 'CVE-2026-0001' },
        products: [{ '@id': 'pkg:npm/%40acme/crm@2.1.0' }],
        status: 'not_affected',
        impact_statement: 'The version lies outside of those that are affected.',
      },
    ],
  },
})

function sheet(): ImpactSheet {
  const changes = [{ kind: 'tool-added', of: 'merge_contacts', path: '', was: '', is: '' }]
  const surface = { state: 'compared' as const, was: 4, is: 5, fingerprint: 'c'.repeat(64), changes }
  return { servers: [{ server: 'crm', surface }] } as unknown as ImpactSheet
}

test('the example of the page is what the product writes from it, byte by byte', async () => {
  await expect(example).toMatchFileSnapshot(fixture('maintenance.json'))
  await expect(`${publisher.line}\n`).toMatchFileSnapshot(fixture('key.txt'))
})

testExamples(page, 4, ['jq', 'openssl', 'xxd', 'base64', 'node'])

function validator(name: string) {
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(pageAt(`docs/reference/schemas/${name}`)))
}

test('the published schemas take the example, and refuse it when it is broken', () => {
  const [envelope, statement] = [
    validator('maintenance-envelope.schema.json'),
    validator('maintenance-contract.schema.json'),
  ]
  const outer = JSON.parse(example)
  const inner = JSON.parse(Buffer.from(outer.payload, 'base64').toString())
  expect(envelope(outer)).toBe(true)
  expect(statement(inner)).toBe(true)
  expect(envelope({ ...outer, signatures: [] })).toBe(false)
  expect(statement({ ...inner, subject: [] })).toBe(false)
  const { validUntil: _, ...unending } = inner.predicate
  expect(statement({ ...inner, predicate: unending })).toBe(false)
  const controls = [{ ...inner.predicate.controls[0], verdict: 'green' }]
  expect(statement({ ...inner, predicate: { ...inner.predicate, controls } })).toBe(false)
  // What somebody adds is passed over, so that it can be adopted.
  expect(statement({ ...inner, predicate: { ...inner.predicate, more: 1 } })).toBe(true)
})

test('every problem that the verifier tells, and every code that a contract is judged by, is on the page', () => {
  const source = pageAt('domain/maintenance/judge-contract.ts')
  const codes = [...source.matchAll(/^ {4}\| '([a-z-]+)'$/gm)].map(([, code = '']) => code)
  const kinds = [...pageAt('verify/upkeep-verify-contract.mjs').matchAll(/tell\('([a-z-]+)'/g)].map(
    ([, kind = '']) => kind,
  )
  expect(codes.length).toBeGreaterThan(12)
  expect(kinds.length).toBeGreaterThan(6)
  for (const one of [...codes, ...kinds, 'not-valid', 'key-not-trusted', 'older-than-seen'])
    expect(page).toContain(`\`${one}\``)
})
