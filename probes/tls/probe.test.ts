import { createServer as createHttps } from 'node:https'
import { getCACertificates, type SecureVersion, setDefaultCACertificates } from 'node:tls'
import type { ControlAttempt, HttpPort, Ports } from '@upkeep/contract'
import { createTlsPort } from '@upkeep/engine/ports/mcp-tls'
import { startAnswering } from '@upkeep/lab/servers/answering'
import { realPorts } from '@upkeep/lab/servers/declared'
import { listen, type Running } from '@upkeep/lab/servers/loopback'
import { selfSigned } from '@upkeep/lab/servers/self-signed'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tls } from './probe.ts'

const ports = realPorts()
const known = getCACertificates('default')
const trusted = selfSigned()
const stranger = selfSigned()
const running: Running[] = []
beforeAll(() => {
  if (trusted !== null) setDefaultCACertificates([...known, trusted.cert.toString()])
})
afterAll(() => setDefaultCACertificates(known))
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})

async function overTls(identity: typeof trusted, versions: { minVersion?: SecureVersion; maxVersion?: SecureVersion }) {
  const options = { ...identity, ...versions, ciphers: 'DEFAULT@SECLEVEL=0' }
  const server = await listen(
    createHttps(options, (_, response) => response.end()),
    { scheme: 'https' },
  )
  running.push(server)
  return server
}
const attempt = (url: string, given: Ports = ports): Promise<ControlAttempt> =>
  tls.attempt({ url, authorization: null }, given)

describe('tls', () => {
  it.skipIf(trusted === null)('holds on TLS 1.2 and newer with a certificate that holds (needs openssl)', async () => {
    const { url } = await overTls(trusted, { minVersion: 'TLSv1.2' })
    expect(await attempt(url)).toMatchObject({ outcome: 'held', detail: expect.stringContaining('TLSv1.3') })
  })

  it.skipIf(trusted === null)('is broken where TLS 1.0 or 1.1 is agreed on too (needs openssl)', async () => {
    const { url } = await overTls(trusted, { minVersion: 'TLSv1', maxVersion: 'TLSv1.2' })
    const found = await attempt(url)
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringMatching(/^TLSv1(\.1)? is agreed on/) })
    expect(found.transcript).toHaveLength(2)
  })

  it.skipIf(stranger === null)('is broken by a certificate that nobody vouches for (needs openssl)', async () => {
    const { url } = await overTls(stranger, {})
    expect(await attempt(url)).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('SELF_SIGNED') })
  })

  it.skipIf(trusted === null)('is broken by a certificate for another name (needs openssl)', async () => {
    const { url } = await overTls(trusted, {})
    const found = await attempt(url.replace('127.0.0.1', 'localhost'))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('ALTNAME') })
  })

  it('is broken by plain HTTP, but not where it does not leave this machine', async () => {
    expect(await attempt('http://mcp.example.com/mcp')).toMatchObject({ outcome: 'broken' })
    expect(await attempt('http://127.0.0.1:3001/mcp')).toMatchObject({ outcome: 'not-applicable' })
  })

  it('says nothing where no TLS comes about', async () => {
    expect(await attempt('https://127.0.0.1:1/mcp')).toMatchObject({ outcome: 'inconclusive' })
  })

  /** The usual ports cannot be had in a test: what is sent to them goes to these. */
  function atUsualPorts(https: Running, http: Running): Ports {
    const exchange: HttpPort['exchange'] = (request) => {
      expect(request.url).toBe('http://lab.example/mcp')
      return ports.http.exchange({ ...request, url: http.url })
    }
    const real = createTlsPort()
    const handshake: Ports['tls']['handshake'] = (call) => real.handshake({ ...call, url: https.url })
    return { ...ports, http: { exchange }, tls: { handshake } }
  }
  it.skipIf(trusted === null).each([
    ['is served', null, 'broken'],
    ['asks for a token', 401, 'broken'],
    ['leads to https', 308, 'held'],
    ['is not there', 404, 'held'],
  ] as const)('where the same address without TLS %s (%s) it is %s (needs openssl)', async (_, status, outcome) => {
    const plain = await startAnswering(() => (status === null ? null : { status }))
    running.push(plain)
    const given = atUsualPorts(await overTls(trusted, { minVersion: 'TLSv1.2' }), plain)
    expect(await attempt('https://lab.example/mcp', given)).toMatchObject({ outcome })
  })
})
