import { expect, test } from 'vitest'
import { finishedAnswers } from './finished-answers.ts'
import type { Call, Finished } from './messages.ts'

const call: Call = {
  operation: 'findings',
  effect: 'read',
  input: {},
  caller: { person: 'ada', roles: ['viewer'], agent: false },
  page: { offset: 0, count: 50, search: null, sort: null },
  known: null,
  key: null,
}
const { signal } = new AbortController()

/** A thread that reads, over a state that the test moves on. */
function reading() {
  const state = { stand: 'one', length: 2, asked: 0, looked: 0, down: false, unkept: false }
  const ask = finishedAnswers({
    ask: async ({ caller }): Promise<Finished> => {
      state.asked += 1
      if (state.down) return { state: 'failed', problem: { code: 'defect', message: '', means: '', action: '' } }
      const bytes = new Uint8Array(state.length).fill(65)
      const stand = state.unkept ? null : state.stand
      return { state: 'answered', bytes, tag: `${caller.person} ${state.stand}`, outcome: null, stand }
    },
    stand: async () => {
      state.looked += 1
      return state.down ? null : state.stand
    },
  })
  const tagOf = async (asked: Partial<Call> = {}) => {
    const answer = await ask({ ...call, ...asked }, signal)
    return answer.state === 'failed' ? null : answer.tag
  }
  return { state, ask, tagOf }
}

test('a page is worked out once for as long as nothing moves, and anew when something did', async () => {
  const { state, tagOf } = reading()
  expect([await tagOf(), await tagOf(), state.asked]).toEqual(['ada one', 'ada one', 1])
  state.stand = 'two'
  expect([await tagOf(), await tagOf(), state.asked]).toEqual(['ada two', 'ada two', 2])
})

test('what moved while others asked is seen by whoever asks after it', async () => {
  const { state, ask, tagOf } = reading()
  await tagOf()
  // The first look is under way: whoever asks now may not be answered by it.
  const before = ask(call, signal)
  state.stand = 'two'
  const after = Promise.all(Array.from({ length: 19 }, () => tagOf()))
  await before
  expect(new Set(await after)).toEqual(new Set(['ada two']))
  // All nineteen were answered by one look.
  expect(state.looked).toBe(2)
})

test('who asks, what for and which page are other questions; who has the page already is not sent it', async () => {
  const { state, ask, tagOf } = reading()
  const caller = { ...call.caller, person: 'bo' }
  const page = { offset: 50, count: 50, search: null, sort: null }
  const tags = [
    await tagOf(),
    await tagOf({ caller }),
    await tagOf({ page }),
    await tagOf({ input: { resolved: true } }),
  ]
  expect([tags, state.asked]).toEqual([['ada one', 'bo one', 'ada one', 'ada one'], 4])
  expect(await ask({ ...call, known: 'ada one' }, signal)).toEqual({ state: 'not-modified', tag: 'ada one' })
})

test('where it cannot be said how things stand nothing is answered from before, and a failure is not kept', async () => {
  const { state, tagOf } = reading()
  await tagOf()
  state.down = true
  expect([await tagOf(), await tagOf()]).toEqual([null, null])
  state.down = false
  expect([await tagOf(), state.asked]).toEqual(['ada one', 3])
})

test('what nobody may keep is worked out at each question', async () => {
  const { state, tagOf } = reading()
  state.unkept = true
  expect([await tagOf(), await tagOf(), state.asked, state.looked]).toEqual(['ada one', 'ada one', 2, 0])
})

test('pages that are too long are not kept, and of many the oldest go', async () => {
  const { state, tagOf } = reading()
  state.length = 1_000_001
  expect([await tagOf(), await tagOf(), state.asked]).toEqual(['ada one', 'ada one', 2])
  state.length = 1_000_000
  for (let index = 0; index < 33; index += 1) await tagOf({ input: { index } })
  expect(state.asked).toBe(35)
  await tagOf({ input: { index: 32 } })
  expect(state.asked).toBe(35)
  await tagOf({ input: { index: 0 } })
  expect(state.asked).toBe(36)
})
