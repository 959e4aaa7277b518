import { availableParallelism } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type VetJob, type VettedDocument, vetDocuments } from './vet-documents.ts'

/** Documents that one job hands over: few enough that nobody waits long for one, many enough that handing over costs little. */
export const documentsPerJob = 250
/** Fewer documents are read sooner than threads have warmed up. */
const fewestForThreads = 20_000
/** More threads than these wait for the one that writes. */
const mostThreads = 4
const jobsAhead = 3

export interface VetOrder {
  latest: string
  /** The zip that the entries are in, in memory that threads share; null for files. */
  zip: Buffer<SharedArrayBuffer> | null
  /** How many documents there will be. */
  documents: number
}

/** Reads and judges documents, in threads where there are many: one processor's worth of vetting beside the writing halves the wait. */
export class VetPool {
  readonly #order: VetOrder
  readonly #threads: Thread[]

  constructor(order: VetOrder, threads = threadsFor(order.documents)) {
    this.#order = order
    this.#threads = Array.from({ length: threads }, () => startThread(order))
  }

  /** What the jobs come to, in their order, however many are worked on at once. */
  async *inOrder(jobs: Iterable<VetJob>): AsyncGenerator<VettedDocument[]> {
    const asked: Promise<VettedDocument[]>[] = []
    const ahead = this.#threads.length * jobsAhead
    for (const job of jobs) {
      asked.push(this.#ask(job))
      const first = asked.length > ahead ? asked.shift() : undefined
      if (first !== undefined) yield await first
    }
    for (const rest of asked) yield await rest
  }

  #ask(job: VetJob): Promise<VettedDocument[]> {
    const [first, ...others] = this.#threads
    if (first === undefined) return nextTurn().then(() => vetDocuments(job, this.#order))
    const idlest = others.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a), first)
    const answer = new Promise<VettedDocument[]>((resolve, reject) => idlest.waiting.push({ resolve, reject }))
    // Whoever gives up does not wait for what was asked ahead.
    answer.catch(() => {})
    // As one text: copying a thousand small objects from thread to thread takes longer than reading their files.
    idlest.worker.postMessage(JSON.stringify(job))
    return answer
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}

interface Thread {
  worker: Worker
  waiting: { resolve: (answer: VettedDocument[]) => void; reject: (error: unknown) => void }[]
}

function threadsFor(documents: number): number {
  const processors = availableParallelism()
  return documents < fewestForThreads || processors < 2 ? 0 : Math.min(processors, mostThreads)
}

function startThread({ latest, zip }: VetOrder): Thread {
  const worker = new Worker(threadFile(), { workerData: { latest, zip: zip === null ? null : zip.buffer } })
  const thread: Thread = { worker, waiting: [] }
  worker.on('message', (answer: VettedDocument[]) => thread.waiting.shift()?.resolve(answer))
  const fail = (error: unknown) => {
    for (const { reject } of thread.waiting.splice(0)) reject(error)
  }
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('a thread that read a feed ended')))
  return thread
}

/** In a package the thread's code stands in a file of its own, beside the folders of everything else. */
function threadFile(): URL {
  const packed = !import.meta.url.endsWith('.ts')
  return new URL(packed ? '../threads/vet-thread.js' : './vet-thread.ts', import.meta.url)
}
