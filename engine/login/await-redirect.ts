import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { UserError } from '@upkeep/contract/errors'

const path = '/callback'
const page = 'The login reached upkeep. You can close this window and go back to the terminal.\n'

/** Where the browser comes back to: an address on loopback that is open for this one login. */
export interface RedirectPlace {
  readonly uri: string
  /** The address that the browser came back with, for this state. Any other request is turned away and changes nothing. */
  arrived(state: string, timeoutMs: number, signal: AbortSignal): Promise<URL>
  close(): void
}

/** Listens on loopback, on the port that the person named or on a free one. */
export async function openRedirectPlace(port: number): Promise<RedirectPlace> {
  const listening: { take: (url: URL) => boolean } = { take: () => false }
  const server = createServer((request, response) => answer(request, response, (url) => listening.take(url)))
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(taken(port)))
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const uri = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}${path}`
  function arrived(state: string, timeoutMs: number, signal: AbortSignal): Promise<URL> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason)
      const timer = setTimeout(() => reject(nobodyCame(timeoutMs)), timeoutMs)
      const settle = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
      }
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      listening.take = (url) => {
        if (url.searchParams.get('state') !== state) return false
        listening.take = () => false
        settle()
        resolve(url)
        return true
      }
    })
  }
  return {
    uri,
    arrived,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Says nothing of what came: a page of ours that repeats a request would be a way to put words in our mouth. */
function answer(request: IncomingMessage, response: ServerResponse, take: (url: URL) => boolean): void {
  const target = `http://127.0.0.1${request.url ?? '/'}`
  const url = URL.canParse(target) ? new URL(target) : null
  const isOurs = request.method === 'GET' && url?.pathname === path && take(url)
  response.writeHead(isOurs ? 200 : 404, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'no-referrer',
    connection: 'close',
  })
  response.end(isOurs ? page : 'Nothing is here.\n')
}

function taken(port: number): UserError {
  return new UserError('bad-input', `Port ${port} cannot be listened on.`, 'Name another with --port, or leave it out.')
}

function nobodyCame(timeoutMs: number): UserError {
  return new UserError(
    'login-failed',
    `Nobody came back from the login within ${Math.round(timeoutMs / 60_000)} minutes. Nothing was kept.`,
    'Run the command again, and open the address that it prints.',
  )
}
