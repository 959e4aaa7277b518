import { randomBytes, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Attacked, canaries } from '@upkeep/domain/attacks/attacked'
import { attackedOverHttp, type Tokens } from '@upkeep/domain/attacks/over-http'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { issueToken } from '../servers/bearer-token.ts'
import { serve } from '../servers/loopback.ts'
import { boundedBody, ownerOf, preflight, refusalAtDoor } from './door.ts'
import type { Guard } from './guards.ts'
import { answerTo, type PracticeSession } from './messages.ts'

/** A running server whose guards can be taken away one by one. */
export interface PracticeTarget {
  /** Stands with every guard but these from now on. */
  without(...gone: readonly Guard[]): void
  /** A fresh conversation with it, to be attacked. */
  attacked(): Promise<Attacked>
  close(): Promise<void>
}

/** Starts the practice target on loopback, all guards up, with a folder, a sink and canaries of its own. */
export async function startPracticeTarget(): Promise<PracticeTarget> {
  const gone = new Set<Guard>()
  const stands = (guard: Guard) => !gone.has(guard)
  const secret = randomBytes(32).toString('hex')
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-practice-target-')))
  const places = layOut(home)
  const state = { log: '', sinkCalls: 0 }
  const sink = await serve(
    (_request, response) => {
      state.sinkCalls += 1
      response.end(canaries.sink)
    },
    { path: '' },
  )
  const sessions = new Map<string, PracticeSession>()
  const ended = new Set<string>()
  const defaults: Record<string, unknown> = {}
  const place = {
    stands,
    root: places.root,
    sink: sink.url,
    environment: { UPKEEP_CANARY: canaries.environment },
    defaults,
    log: (line: string) => {
      state.log += `${line}\n`
    },
  }
  const running = await serve((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const refused = refusalAtDoor(request, { stands, secret, url: running.url })
    if (refused !== null) return response.writeHead(refused).end()
    if (request.method === 'OPTIONS') return preflight(response, stands)
    const owner = ownerOf(request)
    const id = String(request.headers['mcp-session-id'] ?? '')
    if (request.method === 'DELETE') return end(id, response)
    const body = await boundedBody(request, stands)
    if (body === null) return response.writeHead(413, { connection: 'close' }).end()
    const session = sessionOf(id, owner)
    if (typeof session === 'number') return response.writeHead(session).end()
    const { status, messages } = await answerTo(body, session, place)
    if (messages.length === 0) return response.writeHead(status).end()
    response.writeHead(status, { 'content-type': 'text/event-stream', 'mcp-session-id': session.id })
    return response.end(messages.map((one) => `data: ${JSON.stringify(one)}\n\n`).join(''))
  }

  function end(id: string, response: ServerResponse): void {
    ended.add(id)
    response.writeHead(200).end()
  }

  function sessionOf(id: string, owner: string): PracticeSession | number {
    if (id !== '' && stands('session-end') && ended.has(id)) return 404
    const known = sessions.get(id)
    if (known !== undefined) return stands('session-owner') && known.owner !== owner ? 403 : known
    if (id !== '' && stands('session-known')) return 404
    const opened: PracticeSession = { id: randomUUID(), owner, asked: [], ids: new Set(), cancelled: 0, lists: 0 }
    sessions.set(opened.id, opened)
    return opened
  }

  async function attacked(): Promise<Attacked> {
    state.log = ''
    state.sinkCalls = 0
    rmSync(places.written, { force: true })
    for (const key of Object.keys(defaults)) delete defaults[key]
    const found = await attackedOverHttp(createHttpPort(), running.url, tokensFor(secret, running.url), {
      places: { ...places, sink: sink.url },
      end: async (said) => ({ said, log: state.log, written: existsSync(places.written), calledSink: state.sinkCalls }),
    })
    if (typeof found === 'string') throw new Error(found)
    return found
  }

  return {
    without: (...taken) => {
      gone.clear()
      for (const guard of taken) gone.add(guard)
    },
    attacked,
    close: async () => {
      await Promise.all([running.close(), sink.close()])
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function tokensFor(secret: string, url: string): Tokens {
  return {
    own: issueToken(secret, url),
    foreignAudience: issueToken(secret, 'https://other.example/mcp'),
    expired: issueToken(secret, url, -60),
    other: issueToken(secret, `${url}#other`),
  }
}

function layOut(home: string): Omit<Attacked['places'], 'sink'> {
  const root = join(home, 'root')
  const at = (name: string) => join(root, name)
  mkdirSync(root)
  writeFileSync(at('inside.txt'), canaries.inside)
  writeFileSync(join(home, 'outside.txt'), canaries.outside)
  symlinkSync(join(home, 'outside.txt'), at('link.txt'))
  if (readFileSync(at('link.txt'), 'utf8') !== canaries.outside) throw new Error('the link does not lead out')
  return {
    root,
    inside: at('inside.txt'),
    outside: join(home, 'outside.txt'),
    link: at('link.txt'),
    written: join(home, 'written.txt'),
  }
}
