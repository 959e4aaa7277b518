import type { RequestListener, ServerResponse } from 'node:http'

/** Ways in which what answers at an address can waste the time, memory or trust of whoever asks. */
export const misbehaving = {
  'never answers': () => {},
  'sends a header and then nothing': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
  },
  'closes at once': (request) => request.socket.destroy(),
  'closes in the middle': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"jsonrpc":', () => response.socket?.destroy())
  },
  'floods with events': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    repeat(
      response,
      `data: {"jsonrpc":"2.0","method":"notifications/message","params":{"data":"${'x'.repeat(9_000)}"}}\n\n`,
    )
  },
  'floods with one endless line': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    repeat(response, `data: ${'y'.repeat(60_000)}`)
  },
  'answers HTML': (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<script>alert(1)</script>')
  },
  'answers broken JSON': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":0,"result":SECRETCANARY')
  },
  'answers a wrong id': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0","id":"no","result":{}}')
  },
  'answers 500': (_, response) => {
    response.writeHead(500).end('boom')
  },
  'redirects elsewhere': (_, response) => {
    response.writeHead(307, { location: 'http://127.0.0.2:1/mcp' }).end()
  },
} as const satisfies Record<string, RequestListener>

function repeat(response: ServerResponse, text: string): void {
  const timer = setInterval(() => response.write(text), 1)
  response.on('close', () => clearInterval(timer))
}
