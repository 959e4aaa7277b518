import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { HttpRequest } from '@upkeep/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpPort } from './http.ts'

const opened: { server: Server; sockets: Set<Socket> }[] = []

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  opened.push({ server, sockets })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const http = (answer: (request: IncomingMessage, response: ServerResponse) => void) => listen(createServer(answer))
const tcp = (greet: (socket: Socket) => void) => listen(createTcpServer(greet))

afterEach(() => {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

function ask(url: string, over: Partial<HttpRequest> = {}) {
  return createHttpPort().exchange({ url, method: 'GET', timeoutMs: 1_500, maxBytes: 1_000, ...over })
}

describe('http port', () => {
  it('sends host and origin as given', async () => {
    const url = await http((request, response) => response.end(`${request.headers.host} ${request.headers.origin}`))
    const headers = { host: 'evil.example', origin: 'http://evil.example' }
    expect(await ask(url, { headers })).toMatchObject({ status: 200, body: 'evil.example http://evil.example' })
  })

  it('sends a body and hands over status and headers', async () => {
    const url = await http((request, response) => {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer', 'set-cookie': ['a=1', 'b=2'] })
      request.pipe(response)
    })
    const answer = await ask(url, { method: 'POST', body: '{"a":1}' })
    expect(answer).toMatchObject({ status: 401, body: '{"a":1}', truncated: false })
    expect(answer).toMatchObject({ headers: { 'www-authenticate': 'Bearer', 'set-cookie': 'a=1, b=2' } })
  })

  it('does not follow a redirect', async () => {
    const url = await http((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
    expect(await ask(url)).toMatchObject({ status: 302, headers: { location: 'http://127.0.0.1:1/' } })
  })

  it('cuts a body at its bound and says so', async () => {
    const url = await http((_, response) => {
      const flood = setInterval(() => response.write('x'.repeat(700)), 1)
      response.on('close', () => clearInterval(flood))
    })
    const answer = await ask(url)
    expect(answer).toMatchObject({ status: 200, truncated: true, body: 'x'.repeat(1_000) })
  })

  it('stops at the first event that carries data', async () => {
    const url = await http((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': hello\n\nid: 1\ndata:\n\n')
      setTimeout(() => response.write('event: message\ndata: {"a"'), 20)
      setTimeout(() => response.write(':1}\n\n'), 40)
    })
    const answer = await ask(url, { firstEventOnly: true })
    expect(answer).toMatchObject({ status: 200, truncated: false })
    expect(answer.state === 'answered' && answer.body).toContain('data: {"a":1}')
    expect(await ask(url, { timeoutMs: 200 })).toMatchObject({ code: 'timed-out' })
  })

  it('times the whole exchange, not its parts', async () => {
    const url = await http((_, response) => {
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const startedAt = performance.now()
    expect(await ask(url, { timeoutMs: 300 })).toMatchObject({ state: 'unavailable', code: 'timed-out' })
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  it.each<[string, (socket: Socket) => void, string]>([
    ['closes at once', (socket) => socket.end(), 'unreachable'],
    ['resets', (socket) => socket.resetAndDestroy(), 'unreachable'],
    ['answers garbage', (socket) => socket.end('SSH-2.0-OpenSSH\r\n'), 'malformed'],
    ['closes in the middle', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nab'), 'unreachable'],
    [
      'switches protocols unasked',
      (socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      'unreachable',
    ],
    ['floods the header', (socket) => socket.end(`HTTP/1.1 200 OK\r\na: ${'b'.repeat(40_000)}\r\n\r\n`), 'too-large'],
    ['never answers', () => {}, 'timed-out'],
  ])('states the outcome when the other side %s', async (_, behave, code) => {
    const url = await tcp((socket) => {
      socket.on('error', () => {})
      behave(socket)
    })
    expect(await ask(url, { timeoutMs: 500 })).toMatchObject({ state: 'unavailable', code })
  })

  it('states the outcome when nothing listens, and for what it cannot send', async () => {
    expect(await ask('http://127.0.0.1:1/')).toMatchObject({
      code: 'unreachable',
      reason: expect.stringContaining('ECONNREFUSED'),
    })
    expect(await ask('http://name.invalid/')).toMatchObject({ code: 'unreachable' })
    expect(await ask('ftp://127.0.0.1/')).toMatchObject({ code: 'not-supported' })
    expect(await ask('nonsense')).toMatchObject({ code: 'not-supported' })
    const refused = await ask('http://127.0.0.1:1/', { headers: { authorization: 'Bearer top\nsecret' } })
    expect(refused).toMatchObject({ code: 'malformed' })
    expect(JSON.stringify(refused)).not.toContain('top')
  })
})
