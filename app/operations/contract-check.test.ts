import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ContractGrounds } from '@upkeep/domain/maintenance/draw-contract'
import {
  type MadePublisher,
  madeContract,
  madeGrounds,
  madePublisher,
  signedContract,
} from '@upkeep/engine/evidence/testing/made-contract'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { contractCheck } from './contract-check.ts'
import { contractList } from './contract-list.ts'
import { mayUseServer } from './may-use.ts'
import { notices } from './notices.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { verify } from './verify.ts'

const acme = madePublisher(1)
const other = madePublisher(2)
const now = '2026-11-22T09:30:00.000Z'
const style = { width: 100, colour: false, ascii: false, verbose: false }

let product: TestProduct
beforeEach(() => {
  product = testProduct({}, presentPerson())
})

function given(over: Partial<ContractGrounds> = {}, by: MadePublisher = acme): void {
  product.write('crm.json', madeContract(by, { now, ...over }))
}
const check = (more: object = {}) => product.run(contractCheck, { from: 'crm.json', key: 'k', ...more })
const trusted = async () => {
  given()
  await check({ trust: true })
}
const codes = ({ output }: Awaited<ReturnType<typeof check>>) => [output.answer, output.reasons.map(({ code }) => code)]

test('a key that nobody let count says nothing, however good its signature, and nothing is kept', async () => {
  given()
  const answer = await check()
  expect(codes(answer)).toEqual(['unknown', ['key-not-trusted']])
  expect(answer.outcome).toBe('not-evaluated')
  expect(answer.output).toMatchObject({ key: acme.line, trustedBy: null, uri: 'pkg:npm/%40acme/crm' })
  expect(answer.text(style)).toContain('upkeep contract check crm.json --trust')
  expect((await product.run(contractList)).output.contracts).toEqual([])
})

test('a person lets a key count, by a signature of their own; from then on the contract counts', async () => {
  given()
  await expect(
    product.run(contractCheck, { from: 'crm.json', key: 'k', trust: true }, undefined, {
      ...presentPerson(),
      ask: async () => 'no',
    }),
  ).rejects.toMatchObject({ code: 'needs-a-person' })
  expect(codes(await check())).toEqual(['unknown', ['key-not-trusted']])
  const answer = await check({ trust: true })
  expect(codes(answer)).toEqual(['ok', []])
  expect(answer.outcome).toBeUndefined()
  expect(codes(await check())).toEqual(['ok', []])
  const { contracts } = (await product.run(contractList)).output
  expect(contracts).toMatchObject([{ answer: 'ok', name: 'crm', trustedBy: 'ada', serial: Date.parse(now) }])
  expect((await product.run(verify)).output.evidence.valid).toBe(true)
})

test('without a person nobody is trusted', async () => {
  const alone = testProduct()
  alone.write('crm.json', madeContract(acme, { now }))
  await expect(alone.run(contractCheck, { from: 'crm.json', key: 'k', trust: true })).rejects.toMatchObject({
    code: 'needs-a-person',
  })
})

test('an altered byte, anywhere in what is signed, makes it say nothing', async () => {
  await trusted()
  const { payload, ...rest } = JSON.parse(madeContract(acme, { now }))
  const body = Buffer.from(payload, 'base64').toString()
  for (const [is, was] of [
    ['2031-11-30', '2027-11-30'],
    ['"fail"', '"pass"'],
    ['pkg:npm/%40acme/crn', 'pkg:npm/%40acme/crm'],
  ] as const) {
    expect(body).toContain(was)
    product.write(
      'crm.json',
      JSON.stringify({ ...rest, payload: Buffer.from(body.replace(was, is)).toString('base64') }),
    )
    const answer = await check()
    expect(codes(answer)).toEqual(['unknown', ['not-valid']])
    expect(answer.output.key).toBeNull()
  }
})

test('another key counts neither under its own name nor under the name of the trusted one', async () => {
  await trusted()
  given({}, other)
  expect(codes(await check())).toEqual(['unknown', ['key-not-trusted']])
  const statement = JSON.parse(Buffer.from(JSON.parse(madeContract(acme, { now })).payload, 'base64').toString())
  product.write('crm.json', signedContract({ ...other, id: acme.id }, statement))
  expect(codes(await check())).toEqual(['unknown', ['not-valid']])
})

test('a key that counts for one server says nothing of another', async () => {
  await trusted()
  given({ uri: 'pkg:npm/%40acme/mail', name: 'mail' })
  expect(codes(await check())).toEqual(['unknown', ['key-not-trusted']])
})

test('an older edition is refused where a newer one was seen, and so is a second one with the same serial', async () => {
  await trusted()
  product.clock.advance(120)
  given({ now: '2026-11-22T09:31:00.000Z', use: 'no', reasons: ['critical-finding'] })
  expect(codes(await check())).toEqual(['refuse', ['publisher-says-no']])
  given()
  expect(codes(await check())).toEqual(['unknown', ['older-than-seen']])
  given({ now: '2026-11-22T09:31:00.000Z' })
  const answer = await check()
  expect(codes(answer)).toEqual(['unknown', ['older-than-seen']])
  expect(answer.outcome).toBe('not-evaluated')
  expect((await product.run(contractList)).output.contracts).toMatchObject([{ answer: 'refuse' }])
})

test('what has ended says nothing any more, here and to whoever asks whether the server may be used', async () => {
  await inUse()
  await trusted()
  product.clock.advance(8 * 86_400)
  expect(codes(await check())).toEqual(['unknown', ['expired']])
  expect(await contractCodes()).toEqual(['contract-unknown'])
  expect(await announced()).toEqual([])
})

test('trust that is taken back ends at once', async () => {
  await trusted()
  await check({ distrust: true })
  expect(codes(await check())).toEqual(['unknown', ['key-not-trusted']])
  expect((await product.run(contractList)).output.contracts).toEqual([])
  await expect(check({ distrust: true })).rejects.toMatchObject({ code: 'not-found' })
  expect(codes(await check({ trust: true }))).toEqual(['ok', []])
})

test('trust ends with its year', async () => {
  await trusted()
  product.clock.advance(370 * 86_400)
  given({ now: product.clock.now() })
  expect(codes(await check())).toEqual(['unknown', ['key-not-trusted']])
})

test('a version that gets no fixes is refused', async () => {
  await trusted()
  expect(codes(await check({ version: '2.1.0' }))).toEqual(['ok', []])
  const answer = await check({ version: '1.4.0' })
  expect(codes(answer)).toEqual(['refuse', ['version-not-supported']])
  expect(answer.outcome).toBe('findings')
})

/** The server is one of this fleet, by the name crm2. */
async function inUse(): Promise<void> {
  product.write(
    '.cursor/mcp.json',
    '{ "mcpServers": { "crm2": { "command": "npx", "args": ["-y", "@acme/crm@2.1.0"] }, "fs": { "command": "npx", "args": ["-y", "fs@1.0.0"] } } }',
  )
  await product.run(scan, {})
}

async function contractCodes(server = 'crm2'): Promise<string[]> {
  const { servers } = (await product.run(mayUseServer, { server })).output
  return servers
    .flatMap(({ reasons }) => reasons.map(({ code }) => code))
    .filter((code) => code.startsWith('contract-'))
}

async function announced(): Promise<unknown[]> {
  const all = (await product.run(notices, { days: 30 })).output.notices
  return all
    .filter(({ says }) => says.includes('by its maintenance contract'))
    .map(({ kind, servers }) => [kind, servers])
}

test.each<[string, Partial<ContractGrounds>, string[]]>([
  ['sound', {}, []],
  ['of a server that its publisher warns of', { use: 'no', reasons: ['emergency'] }, ['contract-refuse']],
  ['with nothing proven', { proofs: [] }, ['contract-unknown']],
  [
    'in its window',
    { windows: [{ name: 'now', rrule: 'FREQ=DAILY', at: '09:00', zone: 'UTC', duration: 'PT2H' }] },
    ['contract-drain'],
  ],
])('whether a server may be used takes its contract into account: one %s', async (_name, over, expected) => {
  await inUse()
  given(over)
  await check({ trust: true })
  expect(await contractCodes()).toEqual(expected)
  expect(await contractCodes('fs')).toEqual([])
})

test('beyond the end of life it may not be used, and whoever uses it is told of windows and of that end before', async () => {
  await inUse()
  await trusted()
  const announcement = await announced()
  expect(announcement).toContainEqual(['window', ['crm2']])
  expect(announcement).toContainEqual(['end-of-life', ['crm2']])
  product.clock.set('2027-11-30T00:00:00.000Z')
  given({ now: product.clock.now() })
  await check({ trust: true })
  expect(await contractCodes()).toEqual(['contract-refuse'])
})

test('text of the publisher steers no terminal', async () => {
  await trusted()
  const grounds = madeGrounds(acme, { now: '2026-11-22T09:31:00.000Z' })
  const { drawContract } = await import('@upkeep/domain/maintenance/draw-contract')
  const drawn = drawContract(grounds)
  const hostile = '\u001b[2J\u202egnp'
  const predicate = {
    ...drawn.predicate,
    server: { name: hostile, use: 'no', reasons: [hostile] },
    contacts: [hostile],
    versions: { current: hostile, supported: [hostile] },
  }
  product.clock.advance(120)
  product.write('crm.json', signedContract(acme, { ...drawn, predicate }))
  const answer = await check({ version: '1' })
  expect(answer.output.answer).toBe('refuse')
  expect(answer.text(style)).not.toMatch(/[\u001b\u202e]/)
  expect((await product.run(contractList)).text(style)).not.toMatch(/[\u001b\u202e]/)
})

test.each([
  ['no JSON', 'x'],
  ['nothing', ''],
  ['another envelope', '{"payloadType":"text/plain","payload":"","signatures":[]}'],
  ['depth', `{"payload":${'['.repeat(100_000)}`],
  [
    'another predicate',
    signedContract(acme, { _type: 'https://in-toto.io/Statement/v1', subject: [], predicateType: 'x' }),
  ],
  [
    'a payload that is no text',
    '{"payloadType":"application/vnd.in-toto+json","payload":"/w==","signatures":[{"keyid":"","sig":""}]}',
  ],
])('%s is no contract', async (_name, text) => {
  product.write('crm.json', text)
  expect(codes(await check())).toEqual(['unknown', ['not-valid']])
})

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

/** A server on this machine that counts who asks. */
async function serving(answer: (path: string) => { status: number; body: string; location?: string }) {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    const { status, body, location } = answer(url)
    response.writeHead(status, location === undefined ? {} : { location }).end(body)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { asked, port: (server.address() as AddressInfo).port }
}

test('an address inside is asked only where it is said to be one’s own', async () => {
  const { asked, port } = await serving(() => ({ status: 200, body: madeContract(acme, { now }) }))
  for (const from of [
    `http://127.0.0.1:${port}/m.json`,
    `https://127.0.0.1:${port}/m.json`,
    `https://localhost:${port}/`,
  ])
    await expect(product.run(contractCheck, { from })).rejects.toMatchObject({ code: 'not-found' })
  expect(asked).toEqual([])
  const from = `http://127.0.0.1:${port}/m.json`
  expect(codes(await product.run(contractCheck, { from, private: true }))).toEqual(['unknown', ['key-not-trusted']])
  expect(asked).toEqual(['/m.json'])
})

test('what is too long, moved or not there is not read', async () => {
  const { asked, port } = await serving((path) => {
    if (path === '/long') return { status: 200, body: 'x'.repeat((4 << 20) + 1) }
    return path === '/moved' ? { status: 302, body: '', location: '/long' } : { status: 404, body: '' }
  })
  for (const path of ['/long', '/moved', '/gone'])
    await expect(
      product.run(contractCheck, { from: `http://127.0.0.1:${port}${path}`, private: true }),
    ).rejects.toMatchObject({ code: 'not-found' })
  expect(asked).toEqual(['/long', '/moved', '/gone'])
})
