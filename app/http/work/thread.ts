import { parentPort, workerData } from 'node:worker_threads'
import { createDesk, type Desk, type Line } from './desk.ts'
import { givingBack } from './give-back.ts'
import type { Call, CallAnswer, Finished, FromThread, ThreadPlace, ToThread } from './messages.ts'

/** A thread that works on operations: databases and rounds are off the loop that answers the network. */
const port = parentPort
if (port === null) throw new Error('this file is a thread')

const workplace: ThreadPlace = workerData
const encoder = new TextEncoder()
const worked = givingBack()
const stops = new Map<number, AbortController>()
const say = (message: FromThread) => port.postMessage(message)
const desk: Desk = createDesk(workplace)

port.on('message', (message: ToThread) => {
  if (message.say === 'call') void answer(message.id, (line) => desk.answer(message.call, line))
  else if (message.say === 'ask') void finish(message.id, message.call)
  else if (message.say === 'stand') void tellStand(message.id)
  else if (message.say === 'file') void answer(message.id, (line) => desk.file(message.call, message.file, line))
  else if (message.say === 'duties') void answer(message.id, desk.duties)
  else if (message.say === 'stop') stops.get(message.id)?.abort()
  else if (message.say === 'version') void tellVersion(message.id)
  else if (message.say === 'token') void findToken(message.id, message.digest)
  else if (message.say === 'used') void desk.tokenUsed(message.name, message.at)
  else if (message.say === 'forget') desk.forget()
  else void end()
})
say({ say: 'ready' })

async function answer(id: number, work: (line: Line) => Promise<CallAnswer>): Promise<void> {
  const told = (kind: 'progress' | 'tell') => (text: string) => say({ say: kind, id, text })
  const lines = { progress: told('progress'), tell: told('tell') }
  say({ say: 'answer', id, answer: await stoppable(id, (signal) => work({ signal, ...lines })) })
}

/** Whoever waits for a page hears nothing before it. Its bytes change hands: nothing is copied, or written out again. */
async function finish(id: number, call: Call): Promise<void> {
  const silent = { progress: () => {}, tell: () => {} }
  const finished = finishedOf(await stoppable(id, (signal) => desk.answer(call, { signal, ...silent })))
  port?.postMessage(
    { say: 'finished', id, answer: finished } satisfies FromThread,
    finished.state === 'answered' ? [finished.bytes.buffer] : [],
  )
}

function finishedOf(given: CallAnswer): Finished {
  if (given.state !== 'answered') return given
  const { state, body, tag, outcome, stand = null } = given
  if (tag === null) throw new Error('only questions are answered by bytes')
  return { state, bytes: encoder.encode(body), tag, outcome, stand }
}

async function stoppable<Given>(id: number, work: (signal: AbortSignal) => Promise<Given>): Promise<Given> {
  const stop = new AbortController()
  stops.set(id, stop)
  try {
    return await work(stop.signal)
  } finally {
    stops.delete(id)
    worked()
  }
}

async function tellStand(id: number): Promise<void> {
  say({ say: 'stand', id, stand: await desk.stand().catch(() => null) })
}

async function tellVersion(id: number): Promise<void> {
  say({ say: 'version', id, version: await desk.version().catch(() => 'unusable') })
}

async function findToken(id: number, digest: string): Promise<void> {
  say({ say: 'token', id, token: await desk.token(digest).catch(() => null) })
}

/** What is under way is stopped as Ctrl-C stops it; then the state is closed. */
async function end(): Promise<void> {
  for (const stop of stops.values()) stop.abort()
  await desk.close()
  port?.close()
}
