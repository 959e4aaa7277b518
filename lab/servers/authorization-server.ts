import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { issueToken } from './bearer-token.ts'
import { type Running, serve } from './loopback.ts'
import { bodyOf } from './scripted.ts'

/** What a practice authorization server does wrong, one thing at a time. */
export type Wrong =
  | 'no-pkce'
  | 'other-issuer'
  | 'wrong-iss'
  | 'no-iss'
  | 'no-registration'
  | 'refuses-refresh'
  | 'denies'
  | 'script-address'
  | 'redirects-tokens'
  | 'no-revocation'

export interface PracticeIssuer extends Running {
  issuer: string
  /** The secret that its tokens are signed with. */
  secret: string
  /** What it was asked, one line each: method, path, and what matters of the rest. */
  seen: string[]
  /** Tokens that were given back: servers that it issues tokens for take them no longer. */
  revoked: string[]
}

interface Code {
  client: string
  redirect: string
  challenge: string
  resource: string
}

interface Options {
  wrong?: Wrong
  /** How long its tokens last. */
  lifeSeconds?: number
  /** Where a broken one sends those who ask for tokens. */
  elsewhere?: string
  /** Clients that are registered already, by id. */
  knows?: readonly string[]
  /** Whether it takes Client ID Metadata Documents. */
  documents?: boolean
}

/**
 * The practice authorization server: RFC 8414 metadata, dynamic registration, the code flow with PKCE (S256) for one resource, `iss` in its
 * answers, refresh tokens that are good for one time, revocation. Whoever asks is let in.
 */
export async function startAuthorizationServer(options: Options = {}): Promise<PracticeIssuer> {
  const { wrong, lifeSeconds = 3_600 } = options
  const secret = randomBytes(32).toString('hex')
  const clients = new Map<string, string[]>()
  const codes = new Map<string, Code>()
  const refreshes = new Map<string, Pick<Code, 'client' | 'resource'>>()
  const seen: string[] = []
  const revoked: string[] = []
  const running = await serve((request, response) => void answer(request, response), { path: '/issuer' })
  const at = (path: string) => new URL(path, running.url).href

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', running.url)
    const body = await bodyOf(request)
    seen.push(`${request.method} ${url.pathname}`)
    const act = acts[`${request.method} ${url.pathname}`]
    if (act === undefined) response.writeHead(404).end()
    else act(url.searchParams, body, response)
  }

  const acts: Record<string, (query: URLSearchParams, body: string, response: ServerResponse) => void> = {
    'GET /.well-known/oauth-authorization-server/issuer': (_, __, response) => json(response, 200, metadata()),
    'POST /register': (_, body, response) => {
      const asked: { redirect_uris?: string[] } = JSON.parse(body)
      const id = `client-${clients.size + 1}`
      clients.set(id, asked.redirect_uris ?? [])
      json(response, 201, { client_id: id, token_endpoint_auth_method: 'none' })
    },
    'GET /authorize': (query, _, response) => authorize(query, response),
    'POST /token': (_, body, response) => {
      const asked = new URLSearchParams(body)
      if (wrong === 'redirects-tokens') response.writeHead(307, { location: options.elsewhere ?? '' }).end()
      else if (asked.get('grant_type') === 'refresh_token') refresh(asked, response)
      else exchange(asked, response)
    },
    'POST /revoke': (_, body, response) => {
      revoked.push(new URLSearchParams(body).get('token') ?? '')
      response.writeHead(200).end()
    },
  }

  function metadata(): object {
    return {
      issuer: wrong === 'other-issuer' ? 'https://other.example/issuer' : running.url,
      authorization_endpoint: wrong === 'script-address' ? 'javascript:alert(1)' : at('/authorize'),
      token_endpoint: at('/token'),
      ...(wrong === 'no-revocation' ? {} : { revocation_endpoint: at('/revoke') }),
      ...(wrong === 'no-registration' ? {} : { registration_endpoint: at('/register') }),
      response_types_supported: ['code'],
      code_challenge_methods_supported: wrong === 'no-pkce' ? ['plain'] : ['S256'],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: options.documents === true,
    }
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const asked = (name: string) => query.get(name) ?? ''
    const [client, redirect] = [asked('client_id'), asked('redirect_uri')]
    const isKnown = clients.get(client)?.includes(redirect) || options.knows?.includes(client)
    const isWhole =
      asked('code_challenge_method') === 'S256' && asked('code_challenge') !== '' && asked('resource') !== ''
    if (!isKnown || !isWhole) return void response.writeHead(400).end()
    const back = new URL(redirect)
    back.searchParams.set('state', asked('state'))
    if (wrong !== 'no-iss') back.searchParams.set('iss', wrong === 'wrong-iss' ? at('/another') : running.url)
    if (wrong === 'denies') back.searchParams.set('error', 'access_denied')
    else {
      const code = randomBytes(16).toString('hex')
      codes.set(code, { client, redirect, challenge: asked('code_challenge'), resource: asked('resource') })
      back.searchParams.set('code', code)
    }
    response.writeHead(302, { location: back.href }).end()
  }

  function exchange(asked: URLSearchParams, response: ServerResponse): void {
    const code = codes.get(asked.get('code') ?? '')
    codes.delete(asked.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(asked.get('code_verifier') ?? '')
      .digest('base64url')
    const holds =
      code !== undefined &&
      code.challenge === challenge &&
      code.redirect === asked.get('redirect_uri') &&
      code.client === asked.get('client_id') &&
      code.resource === asked.get('resource')
    if (holds) grant(code, response)
    else json(response, 400, { error: 'invalid_grant' })
  }

  function refresh(asked: URLSearchParams, response: ServerResponse): void {
    const token = asked.get('refresh_token') ?? ''
    const held = refreshes.get(token)
    refreshes.delete(token)
    if (wrong !== 'refuses-refresh' && held !== undefined && held.resource === asked.get('resource'))
      grant(held, response)
    else json(response, 400, { error: 'invalid_grant' })
  }

  function grant({ client, resource }: Pick<Code, 'client' | 'resource'>, response: ServerResponse): void {
    const refreshToken = `refresh-${randomBytes(16).toString('hex')}`
    refreshes.set(refreshToken, { client, resource })
    json(response, 200, {
      access_token: issueToken(secret, resource, lifeSeconds),
      token_type: 'Bearer',
      expires_in: lifeSeconds,
      refresh_token: refreshToken,
    })
  }

  return { ...running, issuer: running.url, secret, seen, revoked }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
