import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'

/** A server for one test: what it was asked, and where it is. */
export interface FeedServer {
  url: string
  asked: Asked[]
  close(): Promise<void>
}

interface Asked {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** Starts a server on loopback that answers as `answer` says; one that never ends its answer hangs. */
export async function startFeedServer(answer: (request: Asked, response: ServerResponse) => void): Promise<FeedServer> {
  const asked: FeedServer['asked'] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const seen = { method, path, headers, body: await bodyOf(request) }
    asked.push(seen)
    answer(seen, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}`, asked, close: () => closeNow(server) }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

function closeNow(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
