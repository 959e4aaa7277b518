import type { HttpPort, HttpRequest, HttpResponse, Refusal, SandboxedProcess, SandboxRun } from '@upkeep/contract'
import { isRecord } from '@upkeep/domain/is-record'
import { refuse } from '../ports/network-refusal.ts'

/**
 * A small program of ours that makes HTTP requests inside the sandbox, where the server's port is: one line in, one line out. It runs as
 * the server's user does, so that what it says is believed no more than what the server could have said.
 */
const text = `import { request } from 'node:http'
import { createInterface } from 'node:readline'
const say = (id, answer) => process.stdout.write(JSON.stringify({ id, ...answer }) + '\\n')
const exchange = ({ id, url, method, headers, body, timeoutMs, maxBytes, firstEventOnly }) => {
  const begun = performance.now()
  let settled = false
  const settle = (answer) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    say(id, answer)
    outgoing?.destroy()
  }
  const timer = setTimeout(() => settle({ failed: 'timed-out' }), timeoutMs)
  let outgoing
  try {
    const { hostname, port, pathname, search } = new URL(url)
    outgoing = request({
      hostname, port, method, path: pathname + search, agent: false,
      headers: { 'accept-encoding': 'identity', connection: 'close', ...headers },
    })
  } catch { return settle({ failed: 'malformed' }) }
  outgoing.on('error', () => settle({ failed: 'unreachable' }))
  outgoing.on('response', (incoming) => {
    const stream = (incoming.headers['content-type'] ?? '').startsWith('text/event-stream')
    let taken = Buffer.alloc(0)
    const done = (truncated) => settle({
      status: incoming.statusCode, truncated, milliseconds: Math.round(performance.now() - begun),
      headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')])),
      body: taken.subarray(0, maxBytes).toString('utf8'),
    })
    if (stream && firstEventOnly && incoming.statusCode !== 200) return done(false)
    incoming.on('data', (chunk) => {
      taken = Buffer.concat([taken, chunk])
      if (taken.length > maxBytes) done(true)
      else if (stream && firstEventOnly && /(^|\\n)data:[^\\n]*\\r?\\n\\r?\\n/.test(taken.toString('utf8'))) done(false)
    })
    incoming.on('end', () => done(false))
    incoming.on('error', () => settle({ failed: 'unreachable' }))
  })
  outgoing.end(body)
}
createInterface({ input: process.stdin }).on('line', (line) => exchange(JSON.parse(line)))
`

const path = '/data/upkeep-courier.mjs'

/** The courier as it lies in the sandbox, and as it is started. */
export const courierFile = { path, text }
export const courierRun: Pick<SandboxRun, 'argv' | 'env'> = { argv: ['node', path], env: {} }

/** Its other end: requests go in as lines, answers are told apart by number. */
export function openCourier(process: SandboxedProcess): HttpPort {
  const waiting = new Map<number, (said: Readonly<Record<string, unknown>> | null) => void>()
  let last = 0
  let gone = false
  void listen()
  async function listen(): Promise<void> {
    try {
      for await (const line of process.lines()) {
        const said = recordOf(line)
        if (typeof said?.id === 'number') waiting.get(said.id)?.(said)
      }
    } finally {
      gone = true
      for (const settle of waiting.values()) settle(null)
    }
  }
  return {
    exchange: (request) =>
      new Promise((resolve) => {
        last += 1
        const id = last
        const settle = (said: Readonly<Record<string, unknown>> | null) => {
          waiting.delete(id)
          resolve(answerOf(said, request))
        }
        waiting.set(id, settle)
        if (gone || !process.send(JSON.stringify({ id, ...request }))) settle(null)
      }),
  }
}

function answerOf(said: Readonly<Record<string, unknown>> | null, request: HttpRequest): HttpResponse | Refusal {
  if (said === null) return refuse('unreachable', 'the sandbox ended before an answer came')
  const { status, headers, body, truncated, milliseconds, failed } = said
  if (failed === 'timed-out') return refuse('timed-out', `no complete answer within ${request.timeoutMs} ms`)
  if (failed === 'malformed') return refuse('malformed', 'the request could not be written')
  if (typeof status !== 'number' || typeof body !== 'string' || !isRecord(headers))
    return refuse('unreachable', 'the connection was closed before an answer came')
  return {
    state: 'answered',
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: body.slice(0, request.maxBytes),
    truncated: truncated === true,
    milliseconds: typeof milliseconds === 'number' ? milliseconds : 0,
  }
}

function recordOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
