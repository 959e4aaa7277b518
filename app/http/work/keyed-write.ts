import { createHash } from 'node:crypto'
import { UserError } from '@upkeep/contract'
import type { Store } from '@upkeep/engine/store/store'
import type { OpenedState } from '../../opened-state.ts'
import type { Known } from '../../told-error.ts'
import type { Call, CallAnswer, Problem } from './messages.ts'

/** A write that its caller named: asked again under that name, it is not done again. */
export interface KeyedCall {
  readonly state: OpenedState
  readonly call: Call
  readonly key: string
  /** What whoever asked is told of an error. */
  problemOf(error: unknown, known: Known): Problem
}

/** Of this process: a request that another one began and did not end was cut off. */
const process = globalThis.crypto.randomUUID()

/** How many calls under a name this process is at. */
const atWork = new Map<string, number>()

type Work = (over: OpenedState) => Promise<{ body: string; outcome: 'findings' | 'not-evaluated' | null }>

/**
 * Does a write once. What it writes counts its own commits in the same transactions, so that after a crash the next call knows whether
 * anything of it was done: with none, it is done now; with some, the caller is told so and nothing is done twice.
 *
 * @throws UserError `bad-input` where the name was used for something else, `state-busy` where it is still at work, `answer-lost`.
 */
export async function keyedWrite(keyed: KeyedCall, work: Work): Promise<CallAnswer> {
  const { call, key } = keyed
  const id = digest(JSON.stringify([call.caller.person, key]))
  atWork.set(id, (atWork.get(id) ?? 0) + 1)
  try {
    return await written(keyed, id, work)
  } finally {
    const left = (atWork.get(id) ?? 1) - 1
    if (left === 0) atWork.delete(id)
    else atWork.set(id, left)
  }
}

async function written({ state, call, problemOf }: KeyedCall, id: string, work: Work): Promise<CallAnswer> {
  const store = await state.open()
  const asked = digest(JSON.stringify([call.operation, call.input]))
  const begun = await store.requests.begin({ id, asked, process, at: new Date().toISOString() })
  if (begun.state !== 'new') {
    if (begun.asked !== asked)
      throw new UserError('bad-input', 'This idempotency key was used for something else.', 'Use a new key.')
    if (begun.state === 'done') return replayed(JSON.parse(begun.answer))
    if (begun.process === process && (atWork.get(id) ?? 0) > 1)
      throw new UserError('state-busy', 'This very request is still being worked on.', 'Ask again in a few seconds.')
    if (begun.commits > 0)
      throw new UserError(
        'answer-lost',
        `This request was cut off after ${begun.commits} of its writes were recorded, and is not done again.`,
        'Look at what stands now: "upkeep changes", "upkeep runs". To do it once more, use a new key.',
      )
    await store.requests.takeOver(id, process)
  }
  const done = await work(counting(state, id)).catch((error: unknown) => ({ error }))
  if ('error' in done) return failedAnswer(store, id, (known) => problemOf(done.error, known))
  const answer = { state: 'answered' as const, ...done }
  await kept(store, id, answer)
  return { ...answer, tag: null, replayed: false }
}

/** What failed before anything of it was recorded may be asked again under its name; after that its own problem is its answer. */
async function failedAnswer(store: Store, id: string, problemIf: (known: Known) => Problem): Promise<CallAnswer> {
  const dropped = await store.requests.drop(id).catch(() => null)
  if (dropped !== false) return { state: 'failed', problem: problemIf(dropped === null ? 'unknown' : 'nothing') }
  const problem = problemIf('part')
  const means = `${problem.means} Asked again under this key it is not done again, and this is the answer.`
  const answer = { state: 'failed' as const, problem: { ...problem, means } }
  await kept(store, id, answer)
  return answer
}

/** Keeps the answer. Where that fails it is true all the same, and given; asked again there is no other but that it was lost. */
async function kept(store: Store, id: string, answer: Omit<CallAnswer, 'tag' | 'replayed'>): Promise<void> {
  await store.requests.end(id, JSON.stringify(answer)).catch(() => {})
}

function replayed(kept: Omit<CallAnswer & { state: 'answered' }, 'tag' | 'replayed'> | CallAnswer): CallAnswer {
  return kept.state === 'answered' ? { ...kept, tag: null, replayed: true } : kept
}

/** The same state, whose outermost transactions count themselves under the request. */
function counting(state: OpenedState, id: string): OpenedState {
  const over = (store: Store): Store => ({
    ...store,
    transaction: (fn) =>
      store.transaction(async (tx) => {
        const result = await fn(tx)
        await tx.requests.count(id)
        return result
      }),
  })
  return {
    ...state,
    open: async () => over(await state.open()),
    existing: async () => {
      const store = await state.existing()
      return store === null ? null : over(store)
    },
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
