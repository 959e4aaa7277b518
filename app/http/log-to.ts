import type { FastifyServerOptions } from 'fastify'

/** One line of JSON for each request: what was asked and how it ended. No query, no body, no cookie and no token is in it. */
export function logTo(stream: {
  write(line: string): unknown
}): Exclude<FastifyServerOptions['logger'], boolean | undefined> {
  return {
    level: 'info',
    stream: { write: together(stream) },
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: request.url.split('?', 1)[0]?.slice(0, 300),
      }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
      err: (error: Error) => ({ type: error.name, message: '', stack: '' }),
    },
  }
}

/** Lines of one turn of the loop are written at once: each write waits for whoever reads. */
function together(stream: { write(text: string): unknown }): (line: string) => void {
  let lines: string[] = []
  function write(): void {
    const text = lines.join('')
    lines = []
    stream.write(text)
  }
  return (line) => {
    if (lines.length === 0) setImmediate(write)
    lines.push(line)
  }
}
