import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { publishDue } from '../maintenance/publish-due.ts'
import { readContract } from '../maintenance/read-contract.ts'
import { contractCheck } from './contract-check.ts'
import { contractPublish, contractShow } from './contract-publish.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { verify } from './verify.ts'

const owner = `version: 1
servers:
  - name: crm
    contract: { public: true, supported: ['>=2.0.0'], endOfLife: '2027-11-30', contacts: ['mailto:crm@acme.example'] }
windows:
  - { name: Sunday night, rrule: FREQ=WEEKLY;BYDAY=SU, at: '02:00', zone: Europe/Berlin, duration: PT2H }
`
let product: TestProduct
beforeEach(async () => {
  product = testProduct()
  product.write('upkeep.yaml', owner)
  product.write(
    '.cursor/mcp.json',
    '{ "mcpServers": { "crm": { "command": "npx", "args": ["-y", "@acme/crm@2.1.0"], "env": { "CRM_TOKEN": "ghp_0123456789abcdefghijABCDEFGHIJ012345" } } } }',
  )
  await product.run(scan, {})
})

function published(text: string | null) {
  const read = readContract(text ?? '')
  if ('fault' in read) throw new Error(read.fault)
  return read.statement
}

test('a contract says what the owner states, what the calendar says, and that nothing was proven', async () => {
  const { output } = await product.run(contractPublish, { server: 'crm' })
  const { subject, predicate } = published(output.document)
  expect(subject).toMatchObject([{ name: 'crm', uri: 'pkg:npm/%40acme/crm' }])
  expect(predicate).toMatchObject({
    versions: { supported: ['>=2.0.0'] },
    endOfLife: '2027-11-30',
    contacts: ['mailto:crm@acme.example'],
    server: { name: 'crm', use: 'unknown' },
    controls: [],
    windows: [{ name: 'Sunday night', rrule: 'FREQ=WEEKLY;BYDAY=SU', zone: 'Europe/Berlin' }],
  })
  expect(predicate.notProven).not.toBeNull()
  expect(predicate.windows[0]?.next[0]?.from).toBe('2026-11-29T01:00:00.000Z')
  expect(predicate.stamps).not.toEqual([])
})

test('it names no folder of this machine, no person and no secret', async () => {
  const { output } = await product.run(contractPublish, { server: 'crm' })
  const text = JSON.stringify(published(output.document))
  for (const word of [product.home, product.state, 'ghp_', 'CRM_TOKEN', '"ada"']) expect(text).not.toContain(word)
})

test('the same records at the same time give the same bytes', async () => {
  const one = await product.run(contractPublish, { server: 'crm' })
  product.clock.set('2026-11-23T09:30:00.000Z')
  const later = await product.run(contractPublish, { server: 'crm' })
  product.clock.set('2026-11-23T09:30:00.000Z')
  const again = await product.run(contractPublish, { server: 'crm' })
  expect(again.output.document).toBe(later.output.document)
  expect(later.output.document).not.toBe(one.output.document)
})

test('what was given out is sealed, and can be shown again; a file is for its owner alone', async () => {
  await expect(product.run(contractShow, { server: 'crm' })).rejects.toMatchObject({ code: 'not-found' })
  const { output } = await product.run(contractPublish, { server: 'crm', out: 'out/maintenance.json' })
  expect(output.document).toBeNull()
  const file = join(product.home, 'out/maintenance.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect((await product.run(contractShow, { server: 'crm' })).output.document).toBe(readFileSync(file, 'utf8'))
  const { evidence } = (await product.run(verify)).output
  expect(evidence.valid).toBe(true)
})

test('a contract of a simulated clock never counts, whoever trusts its key', async () => {
  await product.run(contractPublish, { server: 'crm', out: 'm.json' })
  const asked = { from: 'm.json', trust: true, key: 'k' }
  const { output } = await product.run(contractCheck, asked, undefined, presentPerson())
  expect([output.answer, output.reasons.map(({ code }) => code)]).toEqual(['unknown', ['not-real']])
})

test('a server that is not there has none, nor have different servers of one name', async () => {
  await expect(product.run(contractPublish, { server: 'mail' })).rejects.toMatchObject({ code: 'not-found' })
  product.write('.codex/config.toml', '[mcp_servers.crm]\ncommand = "npx"\nargs = ["-y", "other@1.0.0"]\n')
  await product.run(scan, {})
  await expect(product.run(contractPublish, { server: 'crm' })).rejects.toMatchObject({ code: 'ambiguous' })
})

test('only what the owner lists as public is shown as listed', async () => {
  await product.run(contractPublish, { server: 'crm' })
  expect((await product.run(contractShow, { server: 'crm', listed: true })).output.document).not.toBeNull()
  product.write('upkeep.yaml', owner.replace('public: true', 'public: false'))
  await expect(product.run(contractShow, { server: 'crm', listed: true })).rejects.toMatchObject({ code: 'not-found' })
})

test('public contracts are kept current: at once, when they say something else, and at half of their time', async () => {
  const serial = async () => {
    await product.within((context) => publishDue(context))
    return published((await product.run(contractShow, { server: 'crm' })).output.document).predicate.serial
  }
  const first = await serial()
  expect(await serial()).toBe(first)
  product.write('upkeep.yaml', owner.replace('2027-11-30', '2026-12-31'))
  const second = await serial()
  expect(second).toBeGreaterThan(first)
  expect(await serial()).toBe(second)
  await product.run(scan, {})
  product.clock.advance(3.6 * 86_400)
  expect(await serial()).toBeGreaterThan(second)
})

test('what is not public is not published by itself', async () => {
  product.write('upkeep.yaml', owner.replace('public: true', 'public: false'))
  await product.within((context) => publishDue(context))
  await expect(product.run(contractShow, { server: 'crm' })).rejects.toMatchObject({ code: 'not-found' })
})

test('who looks each minute draws a contract anew only once something was recorded, or in another hour', async () => {
  await product.within(async (context) => {
    let read = 0
    const existing = async () => {
      const store = await context.existingStore()
      return store === null ? null : { ...store, attestations: { ...store.attestations, list } }
      function list() {
        read += 1
        return store?.attestations.list() ?? Promise.resolve([])
      }
    }
    const watched = { ...context, existingStore: existing }
    const looked = async () => {
      const before = read
      await publishDue(watched)
      return read - before
    }
    expect(await looked()).toBe(1)
    // What was published is itself a record.
    expect(await looked()).toBe(1)
    product.clock.advance(60)
    expect(await looked()).toBe(0)
    product.clock.advance(3_600)
    expect([await looked(), await looked()]).toEqual([1, 0])
    await product.run(scan, {})
    expect([await looked(), await looked()]).toEqual([1, 0])
  })
})
