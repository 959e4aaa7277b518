import { expect, test } from 'vitest'
import { openSessions } from './sessions.ts'

const minute = 60_000
const lasting = {
  link: { idleMs: 600 * minute, longestMs: 600 * minute },
  provider: { idleMs: 30 * minute, longestMs: 120 * minute },
}
const byProvider = { how: 'provider', identity: { subject: 'x', email: null }, idToken: 'x.y.z' } as const

function at(start = 0) {
  const clock = { now: start }
  return { clock, sessions: openSessions(lasting, () => clock.now) }
}

test('a session ends when its person did nothing for so long; what their browser does by itself counts for nothing', () => {
  const { clock, sessions } = at()
  const { secret } = sessions.begin(byProvider)
  for (let count = 0; count < 2; count += 1) {
    clock.now += 20 * minute
    expect(sessions.find(secret, true)).not.toBeNull()
  }
  clock.now += 20 * minute
  expect(sessions.find(secret, false)).not.toBeNull()
  clock.now += 10 * minute
  expect(sessions.find(secret, true)).toBeNull()
})

test('a session ends after its longest, whatever was done', () => {
  const { clock, sessions } = at()
  const { secret } = sessions.begin(byProvider)
  for (; clock.now < 119 * minute; clock.now += 7 * minute) expect(sessions.find(secret, true)).not.toBeNull()
  clock.now = 120 * minute
  expect(sessions.find(secret, true)).toBeNull()
})

test('by a link nothing but the longest counts', () => {
  const { clock, sessions } = at()
  const { secret } = sessions.begin({ how: 'link' })
  clock.now = 599 * minute
  expect(sessions.find(secret, true)).not.toBeNull()
})

test('one that was ended, or never was, is none; each has a secret of its own', () => {
  const { sessions } = at()
  const [one, other] = [sessions.begin({ how: 'link' }), sessions.begin({ how: 'link' })]
  expect(one.secret).not.toBe(other.secret)
  expect(sessions.end(one.secret)).not.toBeNull()
  expect(sessions.find(one.secret, true)).toBeNull()
  expect(sessions.find(other.secret, true)).not.toBeNull()
  expect(sessions.find('A'.repeat(43), true)).toBeNull()
})

test('their number is bounded: the oldest go first', () => {
  const { sessions } = at()
  const first = sessions.begin({ how: 'link' })
  for (let count = 0; count < 5_000; count += 1) sessions.begin({ how: 'link' })
  expect(sessions.find(first.secret, true)).toBeNull()
})
