import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { bearerOf, issueToken, tokenHolds } from './bearer-token.ts'
import { type Running, serve } from './loopback.ts'

interface Options {
  /** `bearer`: right. `any-audience`: takes every token of its issuer, whomever it was meant for. `none`: asks for nothing. */
  authentication: 'bearer' | 'any-audience' | 'none'
  /** Whether `Host` and `Origin` are checked. */
  guards: boolean | (() => boolean)
  /** The one era that it speaks; by default both. */
  only?: 'initialize' | 'discover'
  /** Who issues the tokens that it takes, and knows those that were given back; by default it does so itself. */
  issuedBy?: { issuer: string; secret: string; revoked: readonly string[] }
  /** Told the headers of each request that was let in. */
  onRequest?: (headers: IncomingMessage['headers']) => void
  /** The tools to offer; by default one that adds. */
  tools?: (server: McpServer) => void
}

export interface SdkServer extends Running {
  /** A token meant for this server, and one meant for another. */
  token: string
  foreignToken: string
  /** One that was meant for it, and is past its time. */
  expiredToken: string
}

/** A server built with the official SDK: both protocol eras, RFC 9728 metadata, bearer tokens, `Host` and `Origin` checks. */
export async function startSdkServer(options: Options): Promise<SdkServer> {
  const secret = options.issuedBy?.secret ?? randomBytes(32).toString('hex')
  const answer = toNodeHandler(createMcpHandler(() => practiceServer(options.tools ?? addTool)))
  const [hostIsOurs, originIsOurs] = [localhostHostValidation(), localhostOriginValidation()]
  const running = await serve((request, response) => {
    const guards = typeof options.guards === 'function' ? options.guards() : options.guards
    if (guards && !(hostIsOurs(request, response) && originIsOurs(request, response))) return
    if (request.url === '/.well-known/oauth-protected-resource/mcp')
      return metadata(running.url, response, options.issuedBy?.issuer)
    if (request.url === issuerPath) return issuerMetadata(running.url, response)
    if (!allowed(request)) return challenge(running.url, response)
    options.onRequest?.(request.headers)
    if (options.only !== undefined && options.only !== eraOf(request)) return response.writeHead(400).end()
    answer(request, response).catch(() => response.destroy())
  })
  function allowed(request: IncomingMessage): boolean {
    if (options.authentication === 'none') return true
    const audience = options.authentication === 'bearer' ? running.url : null
    const token = bearerOf(request.headers.authorization)
    return tokenHolds(secret, token, audience) && options.issuedBy?.revoked.includes(token) !== true
  }
  return {
    ...running,
    token: issueToken(secret, running.url),
    foreignToken: issueToken(secret, 'https://other.example/mcp'),
    expiredToken: issueToken(secret, running.url, -60),
  }
}

/** From 2026-07-28 on each message says in a header what it asks. */
function eraOf({ headers }: IncomingMessage): 'initialize' | 'discover' {
  return headers['mcp-method'] === undefined ? 'initialize' : 'discover'
}

function practiceServer(tools: (server: McpServer) => void): McpServer {
  const server = new McpServer(
    { name: 'practice-sdk-server', version: '1.0.0' },
    { instructions: 'A practice server. It adds numbers.' },
  )
  tools(server)
  return server
}

function addTool(server: McpServer): void {
  const inputSchema = z.object({ a: z.number(), b: z.number() })
  server.registerTool('add', { description: 'Adds two numbers', inputSchema }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
}

/** Answers 401 and says where RFC 9728 metadata is. */
export function challenge(url: string, response: ServerResponse): void {
  const pointer = new URL('/.well-known/oauth-protected-resource/mcp', url).href
  response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${pointer}"` }).end()
}

/** The RFC 9728 document of a practice resource. */
export function metadata(url: string, response: ServerResponse, issuer = new URL('/issuer', url).href): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ resource: url, authorization_servers: [issuer] }))
}

export const issuerPath = '/.well-known/oauth-authorization-server/issuer'

/** The RFC 8414 document of the practice authorization server, which knows clients by registration alone. */
export function issuerMetadata(
  url: string,
  response: ServerResponse,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const at = (path: string) => new URL(path, url).href
  response.writeHead(200, { 'content-type': 'application/json' })
  const endpoints = {
    authorization_endpoint: at('/authorize'),
    token_endpoint: at('/token'),
    registration_endpoint: at('/register'),
  }
  const stated = { issuer: at('/issuer'), ...endpoints, code_challenge_methods_supported: ['S256'], ...more }
  response.end(JSON.stringify(stated))
}
