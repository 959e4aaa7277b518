import { parentPort, workerData } from 'node:worker_threads'
import { createDesk, type Desk, type Line } from './desk.ts'
import type { CallAnswer, FromThread, ThreadPlace, ToThread } from './messages.ts'

/** A thread that works on operations: databases and rounds are off the loop that answers the network. */
const port = parentPort
if (port === null) throw new Error('this file is a thread')

const workplace: ThreadPlace = workerData
const stops = new Map<number, AbortController>()
const say = (message: FromThread) => port.postMessage(message)
const desk: Desk = createDesk(workplace)

port.on('message', (message: ToThread) => {
  if (message.say === 'call') void answer(message.id, (line) => desk.answer(message.call, line))
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
  const stop = new AbortController()
  stops.set(id, stop)
  const told = (kind: 'progress' | 'tell') => (text: string) => say({ say: kind, id, text })
  const given = await work({ signal: stop.signal, progress: told('progress'), tell: told('tell') })
  stops.delete(id)
  say({ say: 'answer', id, answer: given })
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
