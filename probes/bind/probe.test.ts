import type { ControlAttempt } from '@upkeep/contract'
import { startAnswering } from '@upkeep/lab/servers/answering'
import { realPorts } from '@upkeep/lab/servers/declared'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { afterEach, describe, expect, it } from 'vitest'
import { bind } from './probe.ts'

const ports = realPorts()
const running: Running[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
})
/** Another address of loopback stands for one of the network: a sandbox may have no other. */
const attempt = (url: string, addresses = ['127.0.0.2']): Promise<ControlAttempt> =>
  bind.attempt({ url, authorization: null }, { ...ports, machine: { addresses: () => addresses } })

describe('bind', () => {
  it('holds where nothing answers at another address', async () => {
    const server = await startAnswering(() => null)
    running.push(server)
    expect(await attempt(server.url)).toMatchObject({ outcome: 'held', detail: expect.stringContaining('127.0.0.2') })
  })

  it.each([200, 401, 404])('is broken where the port answers HTTP %i at another address', async (status) => {
    const server = await serve((_, response) => response.writeHead(status).end(), { address: '0.0.0.0' })
    running.push(server)
    const found = await attempt(server.url)
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('answers at 127.0.0.2') })
  })

  it('says nothing where nothing answers on loopback either', async () => {
    expect(await attempt('http://127.0.0.1:1/mcp')).toMatchObject({ outcome: 'inconclusive' })
  })

  it('has nothing to try where others are meant to reach it, or there is no other address', async () => {
    expect(await attempt('https://mcp.example.com/mcp')).toMatchObject({ outcome: 'not-applicable', transcript: [] })
    expect(await attempt('http://127.0.0.1:1/mcp', [])).toMatchObject({ outcome: 'not-applicable', transcript: [] })
  })

  it('knows the addresses of this machine as they stand in a URL', () => {
    const addresses = ports.machine.addresses()
    for (const address of addresses) expect(new URL(`http://${address}:1/`).hostname).toBe(address.toLowerCase())
    expect(addresses).not.toContain('127.0.0.1')
  })
})
