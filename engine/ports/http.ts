import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import type { HttpPort, HttpRequest, HttpResponse, Refusal } from '@upkeep/contract'
import { ByteSink } from './byte-sink.ts'
import { refusalFromNetworkError, refuse } from './network-refusal.ts'
import { isInnerAddress, publicLookup } from './public-address.ts'

/**
 * The engine's HTTP hands: raw requests, so that `host` and `origin` go over the wire as given. Certificates are verified; one that does
 * not hold makes the exchange unavailable. Proxies, redirects, user info in URLs and compressed answers are not dealt with on purpose.
 */
export function createHttpPort({ publicOnly = false }: { publicOnly?: boolean } = {}): HttpPort {
  return { exchange: (request) => exchange(request, publicOnly) }
}

function exchange(request: HttpRequest, publicOnly: boolean): Promise<HttpResponse | Refusal> {
  const url = URL.canParse(request.url) ? new URL(request.url) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return Promise.resolve(refuse('not-supported', 'the address is not an http or https URL'))
  }
  if (publicOnly && isInnerAddress(hostOf(url)))
    return Promise.resolve(refuse('not-supported', 'the address is not a public one'))
  return new Promise((resolve) => {
    try {
      converse(url, request, publicOnly, resolve)
    } catch {
      // Node refuses header values and methods that cannot go over the wire; its message would quote the value.
      resolve(
        refuse(
          'malformed',
          'the request could not be written: a header or the method has a character that is not allowed',
        ),
      )
    }
  })
}

function converse(
  url: URL,
  request: HttpRequest,
  publicOnly: boolean,
  resolve: (result: HttpResponse | Refusal) => void,
): void {
  const startedAt = performance.now()
  const outgoing = open(url, request, publicOnly)
  let settled = false
  const settle = (result: HttpResponse | Refusal) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    resolve(result)
    outgoing.destroy()
  }
  const timer = setTimeout(() => {
    settle(refuse('timed-out', `no complete answer within ${request.timeoutMs} ms`))
  }, request.timeoutMs)
  outgoing.on('error', (error) => settle(refusalFromNetworkError(error)))
  outgoing.on('close', () => settle(refuse('unreachable', 'the connection was closed before an answer came')))
  outgoing.on('response', (incoming) => {
    receive(incoming, request, (body) => settle(answered(incoming, body, performance.now() - startedAt)), settle)
  })
  outgoing.end(request.body)
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** A connection of its own for each exchange, so that nothing of one request reaches another. */
function open(url: URL, request: HttpRequest, publicOnly: boolean): ClientRequest {
  const hostname = hostOf(url)
  const options = {
    hostname,
    port: url.port === '' ? undefined : Number(url.port),
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: { 'accept-encoding': 'identity', connection: 'close', ...request.headers },
    agent: false,
    ...(publicOnly ? { lookup: publicLookup } : {}),
  }
  if (url.protocol === 'http:') return httpRequest(options)
  // Without this Node would take the server name for TLS from a forged `host`.
  return httpsRequest({ ...options, servername: isIP(hostname) === 0 ? hostname : '' })
}

function receive(
  incoming: IncomingMessage,
  request: HttpRequest,
  done: (body: { text: string; truncated: boolean }) => void,
  failed: (refusal: Refusal) => void,
): void {
  const stream = (incoming.headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream')
  const sink = new ByteSink(request.maxBytes, stream && request.firstEventOnly === true)
  incoming.on('data', (chunk: Buffer) => {
    if (sink.take(chunk)) done(sink.text())
  })
  incoming.on('end', () => done(sink.text()))
  incoming.on('error', (error) => failed(refusalFromNetworkError(error)))
  incoming.on('aborted', () => failed(refuse('unreachable', 'the connection was closed in the middle of the answer')))
}

function answered(
  incoming: IncomingMessage,
  body: { text: string; truncated: boolean },
  milliseconds: number,
): HttpResponse {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return {
    state: 'answered',
    status: incoming.statusCode ?? 0,
    headers,
    body: body.text,
    truncated: body.truncated,
    milliseconds: Math.round(milliseconds),
  }
}
