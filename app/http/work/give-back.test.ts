import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { givingBack } from './give-back.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** What the collector ran on: an object that nothing holds is gone after it, and with none it stays. */
function dropped(): WeakRef<object> {
  return new WeakRef({ text: 'x'.repeat(10) })
}

test.each([
  ['after much was needed and it was quiet', 500_000_000, 10_000, true],
  ['not while somebody asks', 500_000_000, 9_999, false],
  ['not where little was needed', 1_000_000, 10_000, false],
])('memory is given back %s', async (_, grown, quietMs, isGone) => {
  const looks = vi.fn(() => (looks.mock.calls.length === 1 ? 0 : grown))
  const worked = givingBack(looks)
  const ref = dropped()
  await new Promise(setImmediate)
  worked()
  vi.advanceTimersByTime(quietMs)
  expect(ref.deref() === undefined).toBe(isGone)
})
