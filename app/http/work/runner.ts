import { Worker } from 'node:worker_threads'
import type { StoredToken } from '@upkeep/engine/store/tokens'
import { type FinishedAnswers, finishedAnswers } from './finished-answers.ts'
import type { Call, CallAnswer, Finished, FromThread, ThreadPlace, ToThread, Workplace } from './messages.ts'

/** What whoever called hears while an operation runs, and how they stop it. */
export interface Listener {
  progress?(text: string): void
  tell?(text: string): void
  readonly signal?: AbortSignal
}

/** Where operations are worked on, off the loop that answers the network. */
export interface OperationRunner {
  /** Never throws: what goes wrong is an answer. */
  run(call: Call, listener?: Listener): Promise<CallAnswer>
  /** Answers a question by the bytes that go out. Never throws either. */
  readonly ask: FinishedAnswers
  /** Has an operation write its file, in a thread of its own: however long it takes, nobody waits for it. */
  file(call: Call, file: string, listener?: Listener): Promise<CallAnswer>
  /** Runs what is due, in a thread of its own, until the signal. */
  duties(listener: Listener): Promise<CallAnswer>
  /** A text that is another one when something was recorded or set. */
  version(): Promise<string>
  /** The token of this digest, as it stands now; null where there is none. */
  token(digest: string): Promise<StoredToken | null>
  /** Notes that a token was used, when there is time for it. */
  used(name: string, at: string): void
  /** Stops what is under way as Ctrl-C would, and waits until the state is closed. */
  close(): Promise<void>
}

/** One thread reads, one writes: a round that takes minutes holds up nobody who only looks. */
export async function openRunner(workplace: Workplace): Promise<OperationRunner> {
  const [reader, writer] = await Promise.all([
    openThread({ ...workplace, reads: true }),
    openThread({ ...workplace, reads: false }),
  ])
  const keeping = new Set<Thread>()
  return {
    ask: finishedAnswers(reader),
    async run(call, listener = {}) {
      if (call.effect === 'read') return reader.run(call, listener)
      const answer = await writer.run(call, listener)
      reader.forget()
      return answer
    },
    async file(call, file, listener = {}) {
      const thread = await openThread({ ...workplace, reads: false })
      keeping.add(thread)
      const answer = await thread.run({ call, file }, listener)
      keeping.delete(thread)
      await thread.end()
      return answer
    },
    duties: async (listener) => {
      const thread = await openThread({ ...workplace, reads: false })
      keeping.add(thread)
      return thread.run('duties', listener)
    },
    version: reader.version,
    token: reader.token,
    used: writer.used,
    close: async () => {
      await Promise.all([reader, writer, ...keeping].map((thread) => thread.end()))
    },
  }
}

type Work = Call | 'duties' | { readonly call: Call; readonly file: string }

interface Thread {
  run(work: Work, listener: Listener): Promise<CallAnswer>
  ask(call: Call, signal: AbortSignal): Promise<Finished>
  /** Null where that cannot be said. */
  stand(): Promise<string | null>
  version(): Promise<string>
  token(digest: string): Promise<StoredToken | null>
  used(name: string, at: string): void
  forget(): void
  end(): Promise<void>
}

/** What is asked beside the operations, and not answered yet. Null where the thread died. */
type Asides = Map<number, (answer: FromThread | null) => void>

interface Waiting {
  readonly listener: Listener
  done(answer: CallAnswer): void
}

/** A thread that died is replaced; who waited for it is told that the answer is lost. */
async function openThread(workplace: ThreadPlace): Promise<Thread> {
  const waiting = new Map<number, Waiting>()
  const asides: Asides = new Map()
  let next = 0
  let ending = false
  let worker = await started(workplace)
  attend()

  function attend(): void {
    worker.on('message', (message: FromThread) => hear(message, waiting, asides))
    worker.once('exit', () => {
      for (const { done } of waiting.values()) done(lost)
      waiting.clear()
      for (const done of asides.values()) done(null)
      asides.clear()
      if (!ending) void restart()
    })
    worker.on('error', () => {})
  }
  async function restart(): Promise<void> {
    worker = await started(workplace)
    attend()
  }
  const send = (message: ToThread) => worker.postMessage(message)
  function aside(question: (id: number) => ToThread): Promise<FromThread | null> {
    next += 1
    const id = next
    if (ending) return Promise.resolve(null)
    return new Promise((resolve) => {
      asides.set(id, resolve)
      send(question(id))
    })
  }

  return {
    run(work, listener) {
      next += 1
      const id = next
      if (ending) return Promise.resolve(lost)
      return new Promise((resolve) => {
        const stop = () => send({ say: 'stop', id })
        const done = (answer: CallAnswer) => {
          listener.signal?.removeEventListener('abort', stop)
          resolve(answer)
        }
        waiting.set(id, { listener, done })
        listener.signal?.addEventListener('abort', stop, { once: true })
        send(messageOf(work, id))
      })
    },
    async ask(call, signal) {
      const asked = { id: 0 }
      const stop = () => send({ say: 'stop', id: asked.id })
      signal.addEventListener('abort', stop, { once: true })
      const answer = await aside((id) => {
        asked.id = id
        return { say: 'ask', id, call }
      })
      signal.removeEventListener('abort', stop)
      return answer?.say === 'finished' ? answer.answer : lost
    },
    async stand() {
      const answer = await aside((id) => ({ say: 'stand', id }))
      return answer?.say === 'stand' ? answer.stand : null
    },
    async version() {
      const answer = await aside((id) => ({ say: 'version', id }))
      return answer?.say === 'version' ? answer.version : 'unusable'
    },
    async token(digest) {
      const answer = await aside((id) => ({ say: 'token', id, digest }))
      return answer?.say === 'token' ? answer.token : null
    },
    used: (name, at) => send({ say: 'used', name, at }),
    forget: () => send({ say: 'forget' }),
    end: () =>
      new Promise((resolve) => {
        ending = true
        worker.once('exit', () => resolve())
        send({ say: 'end' })
      }),
  }
}

function messageOf(work: Work, id: number): ToThread {
  if (work === 'duties') return { say: 'duties', id }
  return 'file' in work ? { say: 'file', id, ...work } : { say: 'call', id, call: work }
}

function hear(message: FromThread, waiting: Map<number, Waiting>, asides: Asides): void {
  if (message.say === 'ready') return
  const one = waiting.get(message.id)
  if (message.say === 'progress') one?.listener.progress?.(message.text)
  else if (message.say === 'tell') one?.listener.tell?.(message.text)
  else if (message.say === 'answer') {
    waiting.delete(message.id)
    one?.done(message.answer)
  } else {
    asides.get(message.id)?.(message)
    asides.delete(message.id)
  }
}

const lost = {
  state: 'failed' as const,
  problem: {
    code: 'defect',
    message: 'The part of upkeep that worked on this ended before it answered.',
    means: 'Whether anything of it was recorded is not known: see "upkeep changes", "upkeep runs".',
    action: 'Look there first. Asked again under the same idempotency key it is not done twice; without one it may be.',
  },
}

async function started(workplace: ThreadPlace): Promise<Worker> {
  const { env, ...machine } = workplace.machine
  const plain = { ...workplace, machine: { ...machine, env: { ...env } } }
  const worker = new Worker(threadFile(), { workerData: plain, name: 'operations' })
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
  })
  return worker
}

/** In a package the thread is a file of its own beside the others; in development it is the source. */
function threadFile(): URL {
  const packed = !import.meta.url.endsWith('.ts')
  return new URL(packed ? '../threads/operations-thread.js' : './thread.ts', import.meta.url)
}
