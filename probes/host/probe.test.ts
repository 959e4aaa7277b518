import { startAnswering } from '@upkeep/lab/servers/answering'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { host } from './probe.ts'

describe('host', () => {
  it('holds where a forged Host is refused and the right one is served', async () => {
    const found = await attemptAt(host, startSdkServer({ authentication: 'none', guards: true }))
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('host: evil.example') })
  })

  it('is broken where the forged Host is served', async () => {
    expect((await attemptAt(host, startSdkServer({ authentication: 'none', guards: false }))).outcome).toBe('broken')
  })

  it('is judged behind authentication where a token is configured', async () => {
    const found = await attemptAt(host, startSdkServer({ authentication: 'bearer', guards: false }), (s) => s.token)
    expect(found.outcome).toBe('broken')
  })

  it.each([400, 403, 421])('holds where the forged Host gets HTTP %i', async (status) => {
    const server = startAnswering(({ headers }) => (headers.host === 'evil.example' ? { status } : null))
    expect((await attemptAt(host, server)).outcome).toBe('held')
  })

  it.each([404, 500])('says nothing where the forged Host gets HTTP %i', async (status) => {
    const server = startAnswering(({ headers }) => (headers.host === 'evil.example' ? { status } : null))
    expect((await attemptAt(host, server)).outcome).toBe('inconclusive')
  })

  it('says nothing where every request gets HTTP 400', async () => {
    expect(
      (
        await attemptAt(
          host,
          startAnswering(() => ({ status: 400 })),
        )
      ).outcome,
    ).toBe('inconclusive')
  })
})
