import type { LookupAddress } from 'node:dns'
import { serve } from '@upkeep/lab/servers/loopback'
import { beforeEach, expect, test, vi } from 'vitest'
import { openOutgoing } from './outgoing.ts'

/** What the resolver of whoever owns the name answers, one answer for each question. */
const answers: LookupAddress[][] = []
let questions = 0

vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_host: string, _options: object, done: (error: null, found: LookupAddress[]) => void) => {
    questions += 1
    done(null, answers.shift() ?? [loopback])
  },
}))

const loopback = { address: '127.0.0.1', family: 4 }
const mapped = { address: '::ffff:127.0.0.1', family: 6 }
/** Public, and nobody's any longer (RFC 7526). */
const elsewhere = { address: '192.88.99.1', family: 4 }

beforeEach(() => {
  answers.length = 0
  questions = 0
})

test.each([
  ['an inner address', [loopback]],
  ['one in the form of the other family', [mapped]],
  ['an inner one behind a public one', [elsewhere, loopback]],
])('a name that leads to %s is not connected to', async (_, answer) => {
  let connections = 0
  const service = await serve(() => {
    connections += 1
  })
  answers.push(answer)
  const request = {
    url: `https://name.example:${service.port}/`,
    method: 'POST',
    headers: {},
    timeoutMs: 1_000,
    maxBytes: 100,
  }
  expect(await openOutgoing([]).exchange(request)).toMatchObject({ state: 'unavailable' })
  await service.close()
  expect([connections, questions]).toEqual([0, 1])
})

test('a name that is public when it is judged and inner when it is asked again is asked once', async () => {
  let connections = 0
  const service = await serve(() => {
    connections += 1
  })
  answers.push([elsewhere], [loopback], [loopback])
  const request = {
    url: `https://name.example:${service.port}/`,
    method: 'POST',
    headers: {},
    timeoutMs: 500,
    maxBytes: 100,
  }
  expect(await openOutgoing([]).exchange(request)).toMatchObject({ state: 'unavailable' })
  await service.close()
  expect([connections, questions]).toEqual([0, 1])
})
