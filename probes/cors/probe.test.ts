import { startAnswering } from '@upkeep/lab/servers/answering'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { startSdkServer } from '@upkeep/lab/servers/sdk-server'
import { describe, expect, it } from 'vitest'
import { cors } from './probe.ts'

const allow = (value: string) => ({ 'access-control-allow-origin': value })

describe('cors', () => {
  it('holds where neither preflight nor answer permits a foreign origin', async () => {
    expect((await attemptAt(cors, startSdkServer({ authentication: 'none', guards: true }))).outcome).toBe('held')
    const own = startAnswering(
      () => null,
      () => allow('https://app.example'),
    )
    expect((await attemptAt(cors, own)).outcome).toBe('held')
  })

  it.each<[string, (origin: string | undefined) => Record<string, string>, string]>([
    ['a wildcard', () => allow('*'), 'every web page'],
    ['a reflected origin', (origin) => (origin === undefined ? {} : allow(origin)), 'reflected'],
    ['the null origin', () => allow('null'), 'without an origin'],
  ])('is broken by %s', async (_, headers, detail) => {
    const server = startAnswering(
      () => null,
      (request) => headers(request.headers.origin),
    )
    expect(await attemptAt(cors, server)).toMatchObject({ outcome: 'broken', detail: expect.stringContaining(detail) })
  })

  it.each(['OPTIONS', 'POST'])('looks at %s on its own', async (method) => {
    const server = startAnswering(
      () => null,
      (request) => (request.method === method ? allow('*') : {}),
    )
    expect((await attemptAt(cors, server)).outcome).toBe('broken')
  })

  it('looks behind authentication where a token is configured', async () => {
    const server = startAnswering(
      ({ headers }) => (headers.authorization === undefined ? { status: 401 } : null),
      ({ headers }) => (headers.authorization === undefined ? {} : allow('*')),
    )
    expect(await attemptAt(cors, server, () => 'abc')).toMatchObject({ outcome: 'broken' })
  })

  it.each([404, 500])('says nothing on HTTP %i', async (status) => {
    expect(
      (
        await attemptAt(
          cors,
          startAnswering(() => ({ status })),
        )
      ).outcome,
    ).toBe('inconclusive')
  })
})
