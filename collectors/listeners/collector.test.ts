import type { Facts, FilesPort, Ports } from '@upkeep/contract'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { serve } from '@upkeep/lab/servers/loopback'
import { describe, expect, it } from 'vitest'
import { listeners } from './collector.ts'

const ports = realPorts()

async function collect(
  server: Facts<'declared-server'>,
  files: FilesPort = ports.files,
  machine = true,
  probe: string[] = [],
) {
  const call = callFor(server)
  const given: Ports = { ...ports, files }
  const [observation] = await listeners.collect({
    for: { ...call, place: { ...call.place, machine } },
    prior: {},
    ports: given,
    settings: settingsWith({ probe: probe.map((url) => ({ url })) }),
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  return observation
}

describe.skipIf(process.platform !== 'linux')('listeners (Linux)', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['0.0.0.0', '0.0.0.0', false],
  ])('sees a real socket on %s', async (address, shown, loopback) => {
    const server = await serve(() => {}, { address })
    const found = await collect(declaredUrl(server.url, ports))
    await server.close()
    expect(found).toMatchObject({
      state: 'seen',
      facts: { port: server.port, addresses: [{ address: shown, loopback }] },
    })
  })

  it('sees that nothing listens', async () => {
    const server = await serve(() => {})
    await server.close()
    const found = await collect(declaredUrl(server.url, ports))
    expect(found).toMatchObject({ state: 'seen', facts: { addresses: [] } })
  })

  it('says unavailable when the list cannot be read, and absent when the server is elsewhere', async () => {
    const denied: FilesPort = {
      ...ports.files,
      read: () => ({ state: 'unavailable', code: 'permission-denied', reason: 'not allowed' }),
    }
    const here = declaredUrl('http://localhost:3001/mcp', ports)
    expect(await collect(here, denied)).toMatchObject({ state: 'unavailable', code: 'permission-denied' })
    const none: FilesPort = { ...ports.files, read: () => ({ state: 'absent' }) }
    expect(await collect(here, none)).toMatchObject({ state: 'unavailable', code: 'not-supported' })
    const remote = declaredUrl('https://mcp.example.com/mcp', ports)
    expect(await collect(remote)).toMatchObject({ state: 'absent', reason: expect.stringContaining('another machine') })
  })

  it("takes loopback in another machine's home for that machine, unless the endpoint is listed", async () => {
    const here = declaredUrl('http://127.0.0.1:3001/mcp', ports)
    expect(await collect(here, ports.files, false)).toMatchObject({ state: 'absent' })
    const listed = await collect(here, ports.files, false, ['http://127.0.0.1:3001/mcp'])
    expect(listed).toMatchObject({ state: 'seen' })
  })

  it('looks for no socket of a stdio server', async () => {
    const stdio = declaredUrl('http://127.0.0.1:1/', ports, { transport: 'stdio', url: null })
    expect(await collect(stdio)).toMatchObject({ state: 'absent' })
  })
})
