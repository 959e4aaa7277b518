import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** The least that an HTTP server does: it sends what it read at its standard input, whatever is asked for. It says its port once it listens. */
const body = await buffer(process.stdin)
const server = createServer((_request, answer) => answer.end(body))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' && address !== null ? address.port : 0)
})
