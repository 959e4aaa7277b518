import { Worker } from 'node:worker_threads'
import type { Call, CallAnswer, FromThread, ToThread, Workplace } from './messages.ts'

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
  /** Runs what is due, in a thread of its own, until the signal. */
  duties(listener: Listener): Promise<CallAnswer>
  /** A text that is another one when something was recorded or set. */
  version(): Promise<string>
  /** Stops what is under way as Ctrl-C would, and waits until the state is closed. */
  close(): Promise<void>
}

/** One thread reads, one writes: a round that takes minutes holds up nobody who only looks. */
export async function openRunner(workplace: Workplace): Promise<OperationRunner> {
  const [reader, writer] = await Promise.all([openThread(workplace), openThread(workplace)])
  const keeping: Thread[] = []
  return {
    async run(call, listener = {}) {
      if (call.effect === 'read') return reader.run(call, listener)
      const answer = await writer.run(call, listener)
      reader.forget()
      return answer
    },
    duties: async (listener) => {
      const thread = await openThread(workplace)
      keeping.push(thread)
      return thread.run('duties', listener)
    },
    version: reader.version,
    close: async () => {
      await Promise.all([reader, writer, ...keeping].map((thread) => thread.end()))
    },
  }
}

interface Thread {
  run(work: Call | 'duties', listener: Listener): Promise<CallAnswer>
  version(): Promise<string>
  forget(): void
  end(): Promise<void>
}

/** A question about the version that is not answered yet. */
type Versions = Map<number, (version: string) => void>

interface Waiting {
  readonly listener: Listener
  done(answer: CallAnswer): void
}

/** A thread that died is replaced; who waited for it is told that the answer is lost. */
async function openThread(workplace: Workplace): Promise<Thread> {
  const waiting = new Map<number, Waiting>()
  const versions: Versions = new Map()
  let next = 0
  let ending = false
  let worker = await started(workplace)
  attend()

  function attend(): void {
    worker.on('message', (message: FromThread) => hear(message, waiting, versions))
    worker.once('exit', () => {
      for (const { done } of waiting.values()) done(lost)
      waiting.clear()
      for (const done of versions.values()) done('unusable')
      versions.clear()
      if (!ending) void restart()
    })
    worker.on('error', () => {})
  }
  async function restart(): Promise<void> {
    worker = await started(workplace)
    attend()
  }
  const send = (message: ToThread) => worker.postMessage(message)

  return {
    run(work, listener) {
      next += 1
      const id = next
      if (ending) return Promise.resolve(lost)
      return new Promise((resolve) => {
        waiting.set(id, { listener, done: resolve })
        listener.signal?.addEventListener('abort', () => send({ say: 'stop', id }), { once: true })
        send(work === 'duties' ? { say: 'duties', id } : { say: 'call', id, call: work })
      })
    },
    version: () => {
      next += 1
      const id = next
      return new Promise((resolve) => {
        versions.set(id, resolve)
        send({ say: 'version', id })
      })
    },
    forget: () => send({ say: 'forget' }),
    end: () =>
      new Promise((resolve) => {
        ending = true
        worker.once('exit', () => resolve())
        send({ say: 'end' })
      }),
  }
}

function hear(message: FromThread, waiting: Map<number, Waiting>, versions: Versions): void {
  if (message.say === 'ready') return
  if (message.say === 'version') {
    versions.get(message.id)?.(message.version)
    versions.delete(message.id)
    return
  }
  const one = waiting.get(message.id)
  if (message.say === 'answer') {
    waiting.delete(message.id)
    one?.done(message.answer)
  } else if (message.say === 'progress') one?.listener.progress?.(message.text)
  else one?.listener.tell?.(message.text)
}

const lost: CallAnswer = {
  state: 'failed',
  problem: {
    code: 'defect',
    message: 'The part of upkeep that worked on this ended before it answered.',
    means: 'Whether it was done stands in the records.',
    action: 'Look at what stands now; ask again under the same idempotency key.',
  },
}

async function started(workplace: Workplace): Promise<Worker> {
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
