import type { FastifyServerOptions } from 'fastify'

/** One line of JSON for each request: what was asked and how it ended. No query, no body, no cookie and no token is in it. */
export function logTo(stream: {
  write(line: string): unknown
}): Exclude<FastifyServerOptions['logger'], boolean | undefined> {
  return {
    level: 'info',
    stream: { write: (line: string) => void stream.write(line) },
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
