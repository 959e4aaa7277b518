import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approve } from './approve.ts'
import { enforce } from './enforce.ts'
import { importLock } from './import-lock.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'

const config = '.config/Code/User/mcp.json'
const text = (fs: string) => `{ "servers": {\n  "fs": { "command": "npx", "args": ["-y", "${fs}", "/srv/data"] }\n} }\n`
const [right, wrong] = [text('@acme/files@1.0.0'), text('@acme/files@6.6.6')]
const publisher = presentPerson().keyAt('')
const identity = selfSigned()
const trusted = getCACertificates()

/** What the publisher serves, by path; a number is a status with a redirect to the state. */
let served: Map<string, string | Buffer | number>
let asked: string[]
let server: Server
let servers: unknown[]
let product: TestProduct

beforeAll(async () => {
  if (identity === null) return
  server = createServer(identity, (request, response) => {
    asked.push(request.url ?? '')
    const body = served.get(request.url ?? '')
    if (typeof body === 'number') return response.writeHead(body, { location: addressOf('/state.json') }).end()
    response.writeHead(body === undefined ? 404 : 200).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const one = testProduct()
  one.write(config, right)
  await one.run(importLock)
  servers = JSON.parse(readFileSync(join(one.home, 'upkeep.lock'), 'utf8')).servers
})
afterAll(() => {
  setDefaultCACertificates(trusted)
  server?.close()
})

beforeEach(async () => {
  setDefaultCACertificates([...trusted, identity?.cert.toString() ?? ''])
  ;[served, asked] = [new Map(), []]
  product = testProduct({}, presentPerson())
  product.write(config, wrong)
  product.write('publisher.pub', `${publisher.line}\n`)
  await product.run(approve, { change: 'key:publisher.pub', key: 'k' })
})

function addressOf(path: string, host = '127.0.0.1'): string {
  return `https://${host}:${(server.address() as AddressInfo).port}${path}`
}

async function publish(serial: number, key = publisher): Promise<void> {
  const modes = [{ mode: 'enforce' }]
  const state = { format: 'upkeep-desired-state/1', serial, validUntil: '2026-12-31T00:00:00.000Z', modes, servers }
  served.set('/state.json', JSON.stringify(state))
  served.set('/state.json.sig', await key.sign(JSON.stringify(state)))
}

const pull = (from = addressOf('/state.json')) => product.run(enforce, { from, key: 'publisher.pub' })
const now = () => readFileSync(join(product.home, config), 'utf8')

async function refused(message: RegExp, from?: string): Promise<void> {
  const before = now()
  await expect(pull(from)).rejects.toMatchObject({ message: expect.stringMatching(message) })
  expect(now()).toBe(before)
}

describe.skipIf(identity === null)('a desired state pulled over https (needs openssl)', () => {
  test('is kept to, from a server whose certificate holds', async () => {
    await publish(1)
    expect((await pull()).output.violations).toMatchObject([{ server: 'fs', done: 'set-back' }])
    expect(now()).toBe(right)
    expect(asked).toEqual(['/state.json', '/state.json.sig'])
  })

  test('is not even asked for where nobody vouches for the certificate, or it is of another name', async () => {
    await publish(1)
    await refused(/could not be read: .*ALTNAME/i, addressOf('/state.json', 'localhost'))
    setDefaultCACertificates(trusted)
    await refused(/could not be read: .*SELF_SIGNED/)
    expect(asked).toEqual([])
  })

  test('is not looked for where a redirect leads, nor without encryption', async () => {
    await publish(1)
    served.set('/moved', 302)
    await refused(/it answered 302/, addressOf('/moved'))
    await refused(/only https addresses/, addressOf('/state.json').replace('https:', 'http:'))
    expect(asked).toEqual(['/moved'])
  })

  test('is refused where it is longer than is read, or where the signature is', async () => {
    await publish(1)
    served.set('/state.json', Buffer.alloc((32 << 20) + 1, ' '))
    await refused(/it is longer than 33554432 bytes/)
    await publish(1)
    served.set('/state.json.sig', 'x'.repeat(33 << 10))
    await refused(/state.json.sig could not be read: it is longer than 32768 bytes/)
  })

  test('is refused where its signature is missing, of another key, or over other bytes', async () => {
    await publish(1)
    served.delete('/state.json.sig')
    await refused(/it answered 404/)
    await publish(1, presentPerson().keyAt(''))
    await refused(/not by the key named/)
    await publish(1)
    served.set('/state.json', `${served.get('/state.json')} `)
    await refused(/signature is wrong/)
  })

  test('is refused where it was played back: what came after it was seen already', async () => {
    await publish(1)
    const older = new Map(served)
    await publish(2)
    await pull()
    product.write(config, wrong)
    served = older
    await refused(/its serial is 1, and 2 was seen already/)
  })
})
