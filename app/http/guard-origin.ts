import type { FastifyInstance } from 'fastify'
import { sendProblem } from './problem.ts'

/**
 * Refuses what a page of somebody else makes a browser send. `Host` has to be a name of ours, or a name that was pointed at this machine
 * would make us same-origin with it (DNS rebinding); whatever changes something has to come from our own pages, or from a program that
 * shows a token and is no browser.
 */
export function guardOrigin(server: FastifyInstance, origins: () => readonly string[]): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers
    if (host === undefined || !origins().some((one) => new URL(one).host === host.toLowerCase()))
      return sendProblem(
        reply,
        refused('This is not a name of ours: the Host header has to be one that was configured.'),
      )
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    const site = request.headers['sec-fetch-site']
    if (origin !== undefined && !origins().includes(origin) && !isSafe)
      return sendProblem(reply, refused('Another site may not do this here.'))
    if (!isSafe && site !== undefined && site !== 'same-origin' && site !== 'none')
      return sendProblem(reply, refused('Another site may not do this here.'))
    return undefined
  })
  server.addHook('preHandler', async (request, reply) => {
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    if (isSafe || request.principal?.by !== 'session' || request.headers.origin !== undefined) return undefined
    return sendProblem(reply, refused('A browser says where a request comes from, and this one did not.'))
  })
}

function refused(message: string) {
  return {
    code: 'not-allowed',
    message,
    means: 'Nothing was shown and nothing was done.',
    action: 'Use the address that "upkeep serve" printed.',
  }
}
