import { startAnswering } from '@upkeep/lab/servers/answering'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { origin } from './probe.ts'

describe('origin', () => {
  it('holds where a forged Origin gets 403 and the same request without it is served', async () => {
    const found = await attemptAt(origin, startSdkServer({ authentication: 'none', guards: true }))
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('HTTP 403') })
  })

  it('is broken where the forged Origin is served', async () => {
    const found = await attemptAt(origin, startSdkServer({ authentication: 'none', guards: false }))
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('evil.example') })
  })

  it('holds without a token where authentication refuses first, and says so', async () => {
    const found = await attemptAt(origin, startSdkServer({ authentication: 'bearer', guards: false }))
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('before origin was considered') })
  })

  it('is judged behind authentication where a token is configured', async () => {
    const open = startSdkServer({ authentication: 'bearer', guards: false })
    const broken = await attemptAt(origin, open, ({ token }) => token)
    expect(broken).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('with the token') })
    const guarded = startSdkServer({ authentication: 'bearer', guards: true })
    const held = await attemptAt(origin, guarded, ({ token }) => token)
    expect(held).toMatchObject({ outcome: 'held', detail: expect.stringContaining('without it it is served') })
    for (const { sent, received } of [...broken.transcript, ...held.transcript]) {
      expect(`${sent}${received}`).not.toContain((await open).token)
    }
  })

  it('says nothing where the configured token is not let in', async () => {
    const server = startSdkServer({ authentication: 'bearer', guards: false })
    const found = await attemptAt(origin, server, ({ foreignToken }) => foreignToken)
    expect(found).toMatchObject({ outcome: 'inconclusive', detail: expect.stringContaining('token is not let in') })
  })

  it('is broken where one of the eras takes the forged Origin', async () => {
    const server = startAnswering(({ headers }) =>
      headers.origin !== undefined && headers['mcp-method'] === undefined ? { status: 403 } : null,
    )
    expect((await attemptAt(origin, server)).outcome).toBe('broken')
  })

  it.each([400, 404, 421, 500, 503])('says nothing where the forged Origin gets HTTP %i', async (status) => {
    const server = startAnswering(({ headers }) => (headers.origin === undefined ? null : { status }))
    expect((await attemptAt(origin, server)).outcome).toBe('inconclusive')
  })

  it('says nothing where every request gets HTTP 400', async () => {
    expect(
      (
        await attemptAt(
          origin,
          startAnswering(() => ({ status: 400 })),
        )
      ).outcome,
    ).toBe('inconclusive')
  })
})
