import { createServer } from 'node:net'

/** A TCP port that nothing listens on: the preferred one when it is free, so that a second start has the same URL, else any. */
export async function freePort(preferred: number): Promise<number> {
  return (await tryListening(preferred)) ?? (await tryListening(0)) ?? preferred
}

function tryListening(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    // On all addresses, as the practice server will: a port that is taken on any of them is not free.
    server.listen({ port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null))
    })
  })
}
