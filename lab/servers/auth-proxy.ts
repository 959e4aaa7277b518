import { randomBytes, randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bearerOf, issueToken, tokenHolds } from './bearer-token.ts'
import { type Running, serve } from './loopback.ts'
import { bodyOf } from './scripted.ts'
import { challenge, issuerMetadata, issuerPath, metadata } from './sdk-server.ts'
import { parsed, type StdioCommand, StdioUpstream } from './stdio-upstream.ts'

export interface AuthProxy extends Running {
  /** The token that it lets in, and one of the same issuer for another server. */
  token: string
  foreignToken: string
}

/** What it does besides letting in only whom it knows. */
export interface ProxyOptions {
  /** Tools that nobody may call, whatever the server offers. */
  denies?: readonly string[]
  /** The file that each denial is written to; left out, nothing is logged. */
  log?: string
  /** Its configuration says that it checks tokens, and it lets everybody in. */
  onlySaysSo?: boolean
  /** Looks at `Host` and `Origin`. */
  guards?: boolean
  /** A check that is left out alone, to show that a probe notices. */
  without?: 'origin'
}

const maxSessions = 16
const maxBytes = 1 << 20

/**
 * The practice auth proxy: listens on loopback only, refuses foreign `Host` and `Origin`, asks for a bearer token meant for it, gives no
 * CORS permission. What it protects is a stdio child per session, so there is no way to it but through here.
 */
export async function startAuthProxy(upstream: StdioCommand, options: ProxyOptions = {}): Promise<AuthProxy> {
  const secret = randomBytes(32).toString('hex')
  const sessions = new Map<string, StdioUpstream>()
  const running = await serve((request, response) => {
    if (!guarded(request, response)) return
    converse(request, response).catch(() => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  })

  /** The order is the point: a foreign page learns nothing, not even that a token is asked for. */
  function guarded({ headers, url }: IncomingMessage, response: ServerResponse): boolean {
    if (options.guards === false) return known(url, headers.authorization, response)
    const own = [`127.0.0.1:${running.port}`, `localhost:${running.port}`]
    if (!own.includes(headers.host ?? '')) return refuse(response, 421)
    const { origin } = headers
    const checked = options.without !== 'origin'
    if (checked && origin !== undefined && !own.some((host) => origin === `http://${host}`))
      return refuse(response, 403)
    return known(url, headers.authorization, response)
  }

  function known(url: string | undefined, authorization: string | undefined, response: ServerResponse): boolean {
    const letIn = options.onlySaysSo === true || tokenHolds(secret, bearerOf(authorization), running.url)
    if (url === '/.well-known/oauth-protected-resource/mcp') metadata(running.url, response)
    else if (url === issuerPath) issuerMetadata(running.url, response)
    else if (!letIn) challenge(running.url, response)
    else if (url !== '/mcp') return refuse(response, 404)
    else return true
    return false
  }

  async function converse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = String(request.headers['mcp-session-id'] ?? '')
    const session = sessions.get(id)
    if (request.method === 'POST') {
      const body = await bodyOf(request, maxBytes)
      return body === null ? void refuse(response, 413) : await post(body, session, response)
    }
    if (request.method !== 'DELETE') refuse(response, 405)
    else if (session === undefined) refuse(response, 404)
    else {
      sessions.delete(id)
      await session.close()
      response.writeHead(200).end()
    }
  }

  async function post(body: string, session: StdioUpstream | undefined, response: ServerResponse): Promise<void> {
    const message = parsed(body)
    const opens = message?.method === 'initialize'
    if (message === null || (session === undefined && !opens) || (opens && sessions.size >= maxSessions)) {
      refuse(response, 400)
      return
    }
    const { id } = message
    const tool = toolCalledIn(body)
    if (tool !== null && options.denies?.includes(tool)) return deny(tool, response)
    const peer = session ?? new StdioUpstream(upstream)
    const key = randomUUID()
    if (opens) sessions.set(key, peer)
    if (id === undefined) {
      peer.notify(message)
      response.writeHead(202).end()
      return
    }
    const answer = await peer.request({ ...message, id })
    response.writeHead(200, { 'content-type': 'application/json', ...(opens ? { 'mcp-session-id': key } : {}) })
    response.end(answer)
  }

  function deny(tool: string, response: ServerResponse): void {
    if (options.log !== undefined) appendFileSync(options.log, `${JSON.stringify({ denied: tool })}\n`)
    refuse(response, 403)
  }

  async function close(): Promise<void> {
    for (const session of sessions.values()) await session.close()
    await running.close()
  }

  const foreignToken = issueToken(secret, 'https://other.example/mcp')
  return { ...running, token: issueToken(secret, running.url), foreignToken, close }
}

function toolCalledIn(body: string): string | null {
  const { method, params } = JSON.parse(body)
  return method === 'tools/call' && typeof params?.name === 'string' ? params.name : null
}

function refuse(response: ServerResponse, status: number): false {
  response.writeHead(status).end()
  return false
}
