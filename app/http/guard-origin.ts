import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isOfApi } from './access/recognise-callers.ts'
import { type CameTo, wantsHsts } from './came-to.ts'
import { sendProblem } from './problem.ts'
import type { Problem } from './work/messages.ts'

const yearSeconds = 31_536_000

/**
 * Refuses what a page of somebody else makes a browser send: a request has to come under a name of ours, whatever a page asks for from our own
 * pages, and whatever changes something under that very name, or from a program that shows a token and is no browser.
 */
export function guardOrigin(server: FastifyInstance, arrival: (request: FastifyRequest) => CameTo | Problem): void {
  server.decorateRequest('cameTo', null)
  server.addHook('onRequest', async (request, reply) => {
    const came = arrival(request)
    if ('code' in came) return sendProblem(reply, came)
    request.cameTo = came
    if (wantsHsts(came)) reply.header('strict-transport-security', `max-age=${yearSeconds}`)
    const { origin } = request.headers
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    const site = request.headers['sec-fetch-site']
    if (origin !== undefined && origin !== came.origin && !isSafe) return sendProblem(reply, anotherSite)
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !(isSafe && opensPage(request)))
      return sendProblem(reply, anotherSite)
    return undefined
  })
  server.addHook('preHandler', async (request, reply) => {
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    if (isSafe || request.principal?.by !== 'session' || request.headers.origin !== undefined) return undefined
    return sendProblem(reply, {
      ...anotherSite,
      message: 'A browser says where a request comes from, and this one did not.',
    })
  })
}

/**
 * Whether a browser opens a page of ours by a link from elsewhere. Whatever else pages of others ask for they cannot read, but it would be
 * done: cookies of this machine go along with what its other ports ask for.
 */
function opensPage(request: FastifyRequest): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest = 'document' } = request.headers
  return mode === 'navigate' && dest === 'document' && !isOfApi(request)
}

export const anotherSite: Problem = {
  code: 'not-allowed',
  message: 'Another site may not do this here.',
  means: 'Nothing was shown and nothing was done.',
  action: 'Use the address that "upkeep serve" printed.',
}
