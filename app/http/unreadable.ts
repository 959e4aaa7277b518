import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from './problem.ts'

/** What every answer bears that came before the hooks, which would have put more on it. */
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/** An address that no route can be looked up for. Nothing of it is repeated. */
export function unreadableAddress(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.log.info({ req: request, res: { statusCode: 400 }, who: null, ms: 0 }, 'answered')
  sendProblem(reply.headers({ ...headers, 'x-request-id': request.id }), {
    code: 'bad-input',
    message: 'The address cannot be read.',
    means: 'Nothing was shown and nothing was done.',
    action: 'See /openapi.json.',
  })
}

const statuses: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The address and headers are larger than 16 kilobytes.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of a chunk are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive.'],
}

/** Bytes that are no request: answered once where that is still possible, and hung up on. */
export function unreadableBytes(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, title] = statuses[error.code ?? ''] ?? [400, 'This is not a request of HTTP/1.1.']
  const body = JSON.stringify({ type: 'urn:upkeep:error:bad-input', title, status, code: 'bad-input' })
  const head = { ...headers, 'content-type': 'application/problem+json', 'content-length': body.length }
  const lines = Object.entries({ ...head, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}
