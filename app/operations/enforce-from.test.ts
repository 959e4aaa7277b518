import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { approve } from './approve.ts'
import { enforce } from './enforce.ts'
import { importLock } from './import-lock.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'

const config = '.config/Code/User/mcp.json'
const text = (fs: string, more = '') =>
  `{ "servers": {\n  "fs": { "command": "npx", "args": ["-y", "${fs}", "/srv/data"] }${more}\n} }\n`
const right = text('@acme/files@1.0.0')
const wrong = text('@acme/files@6.6.6', ',\n  "shadow": { "command": "sh", "args": ["-c", "id"] }')
const publisher = presentPerson().keyAt('')
const from = { from: 'state.json', key: 'publisher.pub' }

/** One home publishes; another one, with a person and a state of its own, pulls. */
let servers: unknown[]
let published: string
let other: TestProduct
beforeEach(async () => {
  const one = testProduct()
  one.write(config, right)
  one.write('upkeep.yaml', 'version: 1\nmodes: [{ mode: enforce }]\n')
  await one.run(importLock)
  const { output, text } = await one.run(importLock, { publish: 'state.json' })
  expect([output.written, output.published]).toEqual([false, join(one.home, 'state.json')])
  expect(text({ ascii: true, colour: false, width: 200, verbose: false })).toMatch(
    /state\.json written[\s\S]*ssh-keygen -Y sign -n upkeep/,
  )
  published = readFileSync(join(one.home, 'state.json'), 'utf8')
  servers = JSON.parse(readFileSync(join(one.home, 'upkeep.lock'), 'utf8')).servers
  other = testProduct({}, presentPerson())
  other.write(config, wrong)
  other.write('publisher.pub', `${publisher.line} the publisher\n`)
})

async function publish(serial: number, over: { validUntil?: string; key?: typeof publisher } = {}): Promise<void> {
  const validUntil = over.validUntil ?? '2026-12-31T00:00:00.000Z'
  const state = { format: 'upkeep-desired-state/1', serial, validUntil, modes: [{ mode: 'enforce' }], servers }
  const bytes = JSON.stringify(state)
  other.write('state.json', bytes)
  other.write('state.json.sig', await (over.key ?? publisher).sign(bytes))
}
const now = () => readFileSync(join(other.home, config), 'utf8')
const pulled = async () => (await other.run(enforce, from)).output

test('another machine pulls the state, and keeps to it once its person let the key count', async () => {
  await publish(1)
  const first = await pulled()
  expect(first).toMatchObject({ signedBy: null, notInForce: expect.stringContaining('nobody let the states') })
  expect(first.violations.map(({ done }) => done)).not.toContain('set-back')
  expect(now()).toBe(wrong)
  await other.run(approve, { change: 'key:publisher.pub', key: 'k' })
  const second = await pulled()
  expect(second.violations.map(({ server, done }) => [server, done]).sort()).toEqual([
    ['fs', 'set-back'],
    ['shadow', 'set-back'],
  ])
  expect(now()).toBe(right)
  expect((await pulled()).violations).toEqual([])
})

test('a state that is older, over, altered, of another key or unsigned is refused', async () => {
  await other.run(approve, { change: 'key:publisher.pub', key: 'k' })
  const refusal = (message: RegExp, code = 'evidence-invalid') =>
    expect(other.run(enforce, from)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  await publish(5, { validUntil: '2026-11-01T00:00:00.000Z' })
  await refusal(/it ended at/)
  await publish(5, { key: presentPerson().keyAt('') })
  await refusal(/not by the key named/)
  await publish(5)
  other.write('state.json', readFileSync(join(other.home, 'state.json'), 'utf8').replace('"serial":5', '"serial":6'))
  await refusal(/signature is wrong/)
  rmSync(join(other.home, 'state.json.sig'))
  await refusal(/could not be read/, 'not-found')
  expect(now()).toBe(wrong)
  await publish(5)
  await pulled()
  expect(now()).toBe(right)
  other.write(config, wrong)
  await publish(4)
  await refusal(/its serial is 4, and 5 was seen already/)
  servers = []
  await publish(5)
  await refusal(/its serial is 5/)
  expect(now()).toBe(wrong)
})

test('what import publishes is pulled as it is, once it is signed', async () => {
  expect(JSON.parse(published)).toMatchObject({ serial: expect.any(Number), modes: [{ mode: 'enforce' }], servers })
  other.write('state.json', published)
  other.write('state.json.sig', await publisher.sign(published))
  await other.run(approve, { change: 'key:publisher.pub', key: 'k' })
  await pulled()
  expect(now()).toBe(right)
})
