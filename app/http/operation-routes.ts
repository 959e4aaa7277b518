import { storedAssertion } from '@upkeep/engine/kernel/passkey'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { fieldsOf } from '../operations/input-shape.ts'
import { permission } from './access/principal.ts'
import { streamAnswer, wantsStream } from './event-stream.ts'
import type { Exposed } from './exposed.ts'
import { sendProblem } from './problem.ts'
import { PageQuery } from './published-schemas.ts'
import type { Call, CallAnswer, Finished, PageAsked, Problem } from './work/messages.ts'
import type { OperationRunner } from './work/runner.ts'

export const apiRoot = '/api/v1'

const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{8,200}$/)

/** A route for each form of each operation: `GET` for what reads, `POST` for what writes. */
export function operationRoutes(server: FastifyInstance, table: readonly Exposed[], runner: OperationRunner): void {
  for (const one of table) {
    const url = `${apiRoot}/${one.path}`
    const handler = (request: FastifyRequest, reply: FastifyReply) => answer(one, runner, request, reply)
    if (one.effect === 'read') server.get(url, handler)
    else server.post(url, handler)
  }
}

async function answer(one: Exposed, runner: OperationRunner, request: FastifyRequest, reply: FastifyReply) {
  const { principal, refusal } = permission(request.principal, one)
  if (refusal !== null) return sendProblem(reply, refusal)
  if (namesPrototype(request)) return sendProblem(reply, bad('__proto__: no such field'))
  const asked = one.effect === 'read' ? questionOf(one, request) : orderOf(request)
  if ('code' in asked) return sendProblem(reply, asked)
  const { person, roles, agent, by } = principal
  // Writes of a session carry the origin of our own page: `guardOrigin` refuses all others.
  const page = by === 'session' && one.effect === 'write' ? (request.headers.origin ?? null) : null
  const caller = { person, roles, agent, page }
  const call: Call = { operation: one.operation.id, effect: one.effect, caller, ...asked }
  if (wantsStream(request)) return streamAnswer(request, reply, (listener) => runner.run(call, listener))
  // Who goes away does not stop a write: asked again under the same key, its answer is still there.
  return one.effect === 'read'
    ? sendPage(reply, await runner.ask(call, left(reply)))
    : send(reply, await runner.run(call))
}

/** Who asked went away before they were answered. */
function left({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => raw.writableFinished || gone.abort())
  return gone.signal
}

/** As a key it would name no field, and be gone without a word. */
export function namesPrototype({ url }: FastifyRequest): boolean {
  return new URL(url, 'http://x').searchParams.has('__proto__')
}

function sendPage(reply: FastifyReply, answer: Finished): FastifyReply {
  if (answer.state === 'failed') return sendProblem(reply, answer.problem)
  reply.header('etag', `"${answer.tag}"`).header('cache-control', 'private, no-cache')
  if (answer.state === 'not-modified') return reply.code(304).send()
  if (answer.outcome !== null) reply.header('upkeep-outcome', answer.outcome)
  return reply.code(200).type('application/json').send(answer.bytes)
}

function send(reply: FastifyReply, answer: CallAnswer): FastifyReply {
  if (answer.state === 'failed') return sendProblem(reply, answer.problem)
  if (answer.state === 'not-modified') throw new Error('what is written is always said')
  if (answer.replayed) reply.header('idempotent-replayed', 'true')
  if (answer.outcome !== null) reply.header('upkeep-outcome', answer.outcome)
  return reply.code(200).type('application/json').send(answer.body)
}

type Asked = Pick<Call, 'input' | 'page' | 'known' | 'key' | 'assertion'>

/** A question stands in the address: its own fields by their kind, and the page where there are pages. */
export function questionOf(one: Exposed, request: FastifyRequest): Asked | Problem {
  const given = new URL(request.url, 'http://x').searchParams
  const isPaged = one.operation.pages !== undefined
  const pageNames = Object.keys(PageQuery.shape)
  const fields = new Map(fieldsOf(one.input).map((field) => [field.key, field]))
  const input: Record<string, unknown> = {}
  const page: Record<string, string> = {}
  for (const name of new Set(given.keys())) {
    const values = given.getAll(name)
    const field = fields.get(name)
    if (isPaged && pageNames.includes(name) && field === undefined) page[name] = values[0] ?? ''
    else if (field?.repeatable) input[name] = values
    else if (values.length > 1) return bad(`${name}: given twice`)
    else input[name] = valueFrom(field?.kind, values[0] ?? '')
  }
  const parsed = PageQuery.safeParse(page)
  if (!parsed.success) return bad(wordsOf(parsed.error))
  const { offset, count, search, sort } = parsed.data
  const asked: PageAsked = { offset, count, search: search ?? null, sort: sort ?? null }
  return { input, page: isPaged ? asked : null, known: tagIn(request.headers['if-none-match']), key: null }
}

function valueFrom(kind: 'boolean' | 'text' | 'number' | undefined, text: string): unknown {
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (kind === 'number' && /^-?\d{1,15}(\.\d{1,10})?$/.test(text)) return Number(text)
  return text
}

function orderOf(request: FastifyRequest): Asked | Problem {
  const key = request.headers['idempotency-key']
  const parsed = IdempotencyKey.optional().safeParse(key)
  if (!parsed.success) return bad('idempotency-key: 8 to 200 printable characters')
  const assertion = assertionIn(request.headers['passkey-assertion'])
  if (assertion === undefined) return bad('passkey-assertion: what the authenticator answered, as JSON in base64url')
  return { input: request.body ?? {}, page: null, known: null, key: parsed.data ?? null, assertion }
}

/** As it is stored; null where there is none, undefined where it is not of that form. */
function assertionIn(header: string | string[] | undefined): string | null | undefined {
  if (header === undefined) return null
  if (typeof header !== 'string' || header.length > 12_000) return undefined
  try {
    return storedAssertion(JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))) ?? undefined
  } catch {
    return undefined
  }
}

function tagIn(header: string | undefined): string | null {
  return /^(?:W\/)?"([A-Za-z0-9_-]{22})"$/.exec(header ?? '')?.[1] ?? null
}

function wordsOf({ issues: [first] }: z.ZodError): string {
  return `${first?.path.map(String).join('.') ?? ''}: ${first?.message ?? 'not valid'}`
}

function bad(message: string): Problem {
  return { code: 'bad-input', message, means: 'Nothing was done.', action: 'See /openapi.json.' }
}
