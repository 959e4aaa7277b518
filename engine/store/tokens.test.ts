import { onBothDatabases } from '@upkeep/lab/postgres/on-both-databases'
import { expect, test } from 'vitest'
import { openStore } from './open-store.ts'

onBothDatabases('tokens', (bench) => {
  test('a name is given once, an end is final, and use is noted once a minute', async () => {
    const store = await openStore(await bench.newPlace())
    const made = {
      role: 'viewer',
      madeBy: 'ada',
      at: '2026-11-01T10:00:00.000Z',
      until: '2026-12-01T23:59:59.999Z',
    } as const
    const one = { ...made, name: 'ci', digest: 'a'.repeat(64), operations: ['findings'] }
    expect(await store.tokens.add(one)).toBe(true)
    expect(await store.tokens.add({ ...one, digest: 'b'.repeat(64) })).toBe(false)
    const found = () => store.tokens.byDigest(one.digest)
    expect(await found()).toEqual({ ...one, revokedAt: null, usedAt: null })
    expect(await store.tokens.byDigest('b'.repeat(64))).toBeNull()
    for (const second of ['00', '30', '59']) await store.tokens.used('ci', `2026-11-02T10:00:${second}.000Z`)
    expect((await found())?.usedAt).toBe('2026-11-02T10:00:00.000Z')
    await store.tokens.used('ci', '2026-11-02T10:01:01.000Z')
    expect((await found())?.usedAt).toBe('2026-11-02T10:01:01.000Z')
    expect(await store.tokens.revoke('ci', '2026-11-03T10:00:00.000Z')).toBe(true)
    expect(await store.tokens.revoke('ci', '2026-11-04T10:00:00.000Z')).toBe(false)
    expect((await store.tokens.list()).map(({ revokedAt }) => revokedAt)).toEqual(['2026-11-03T10:00:00.000Z'])
    await store.close()
  })
})
