import { startAnswering } from '@upkeep/lab/servers/answering'
import { attemptAt } from '@upkeep/lab/servers/attempts'
import { describe, expect, it } from 'vitest'
import { rateLimit } from './probe.ts'

/** A server that lets so many requests through, and then says this. */
function limitedTo(most: number, status: number, headers: Record<string, string> = {}) {
  let seen = 0
  return startAnswering(() => {
    seen += 1
    return seen > most ? { status, headers } : null
  })
}
const burst = () => ({ burst: 12 })

describe('rate-limit', () => {
  it('holds where somebody who asks too often is told to wait, and stops there', async () => {
    const found = await attemptAt(rateLimit, limitedTo(6, 429), () => null, burst)
    expect(found).toMatchObject({ outcome: 'held', detail: expect.stringContaining('request 6 ') })
    expect(found.transcript.filter(({ sent }) => sent.startsWith('POST'))).toHaveLength(7)
    const busy = limitedTo(6, 503, { 'retry-after': '3' })
    expect(await attemptAt(rateLimit, busy, () => null, burst)).toMatchObject({ outcome: 'held' })
  })

  it('is broken where as many as its owner allows are all answered', async () => {
    const found = await attemptAt(rateLimit, limitedTo(1_000, 429), () => null, burst)
    expect(found).toMatchObject({ outcome: 'broken', detail: expect.stringContaining('12 requests') })
  })

  it('takes a failure for no limit', async () => {
    expect(await attemptAt(rateLimit, limitedTo(6, 503), () => null, burst)).toMatchObject({ outcome: 'broken' })
  })

  it('sends nothing unless its owner says how many', async () => {
    const found = await attemptAt(rateLimit, limitedTo(0, 429))
    expect(found).toMatchObject({ outcome: 'not-applicable', transcript: [] })
  })
})
