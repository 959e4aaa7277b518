import { readPasskey } from '@upkeep/engine/kernel/passkey'
import type { FastifyReply } from 'fastify'
import type { Problem, SignatureAsked } from './work/messages.ts'

/** What an error means to a program over HTTP. What is not here is a conflict with how things stand. */
const statuses: Readonly<Record<string, number>> = {
  'bad-input': 400,
  'not-signed-in': 401,
  'not-allowed': 403,
  'needs-a-person': 403,
  'not-found': 404,
  'too-large': 413,
  'unsupported-form': 415,
  'too-many': 429,
  defect: 500,
  upstream: 502,
  'state-busy': 503,
  'state-unusable': 503,
  'state-newer': 503,
  stopped: 503,
}

/** Sends a problem as RFC 9457 asks: the same words as at the terminal, with the request it belongs to. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const status = statuses[problem.code] ?? 409
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (status === 503 || status === 429) reply.header('retry-after', '5')
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, status, reply.request.id)))
}

export function problemBody(problem: Problem, status: number, request: string) {
  const { code, message, means, action, signature } = problem
  const asked = signature === undefined ? {} : { signature: askedOf(signature) }
  return { type: `urn:upkeep:error:${code}`, title: message, status, detail: means, action, code, request, ...asked }
}

/** Of the keys their ids: what a browser takes. */
function askedOf({ keys, ...rest }: SignatureAsked) {
  return { ...rest, credentials: keys.flatMap((one) => readPasskey(one)?.credential ?? []) }
}
