import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'

/** A running practice server. `close` ends every connection too. */
export interface Running {
  url: string
  port: number
  close(): Promise<void>
}

/** Serves HTTP on a free port of loopback, or of another address where a test is about just that. */
export function serve(listener: RequestListener, options: { address?: string; path?: string } = {}): Promise<Running> {
  return listen(createServer(listener), { scheme: 'http', ...options })
}

/** Puts any server on a free port. */
export async function listen(
  server: Server,
  options: { scheme: 'http' | 'https'; address?: string; path?: string },
): Promise<Running> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, options.address ?? '127.0.0.1', resolve)
  })
  const port = portOf(server.address())
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { url: `${options.scheme}://127.0.0.1:${port}${options.path ?? '/mcp'}`, port, close }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('a practice server listens on a port')
  return address.port
}
