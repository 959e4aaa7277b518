import type { HttpResponse } from '@upkeep/contract'
import { z } from 'zod'
import { outcome, type SendingHands, type Sent } from '../send-notice.ts'

const timeoutMs = 10_000
const maxAnswer = 2_000_000

/** That a tracker did not do what it was asked. `status` is what it answered, null where it did not; `fields` those that it named as wrong. */
export class TrackerRefused extends Error {
  readonly sent: Sent
  readonly status: number | null
  readonly fields: readonly string[]
  constructor(sent: Sent, status: number | null = null, fields: readonly string[] = []) {
    super(sent.says)
    this.name = 'TrackerRefused'
    this.sent = sent
    this.status = status
    this.fields = fields
  }
}

/** One request to a tracker. `path` is put behind its address. */
export interface TrackerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** What a tracker answered, read by the shape that is expected. */
export interface TrackerAnswer<Shape> {
  readonly value: Shape
  readonly headers: Readonly<Record<string, string>>
}

/** Asks one tracker, with the token on every request and in nothing else. */
export type AskTracker = <Shape>(request: TrackerRequest, shape: z.ZodType<Shape>) => Promise<TrackerAnswer<Shape>>

/** `headers` is given the token, and gives back what goes with each request; null where there is no token. */
export function askTracker(
  hands: SendingHands,
  { at, token }: { at: string; token: string },
  headers: (token: string) => Readonly<Record<string, string>>,
): AskTracker {
  return async (request, shape) => {
    const secret = hands.resolve(token)
    if (secret === null) throw refusal('its token is not where it is said to be', true)
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) }
    const answer = await hands.outgoing.exchange({
      url: `${at}${request.path}`,
      method: request.method,
      headers: {
        'user-agent': 'upkeep',
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers(secret),
        ...request.headers,
      },
      ...body,
      timeoutMs,
      maxBytes: maxAnswer,
    })
    const sent = outcome(answer)
    if (answer.state === 'unavailable') throw new TrackerRefused(sent)
    if (!sent.delivered)
      throw new TrackerRefused(limited(sent, answer, hands.now()), answer.status, wrongFields(answer))
    return { value: readAnswer(answer, shape), headers: answer.headers }
  }
}

/** GitHub says by 403 too that there were too many requests, and when there may be more. */
function limited(sent: Sent, { status, headers }: HttpResponse, now: string): Sent {
  const isLimit =
    status === 429 || (status === 403 && (sent.retryAfter !== null || headers['x-ratelimit-remaining'] === '0'))
  if (!isLimit) return sent
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'])
  const seconds = Math.ceil(reset - Date.parse(now) / 1_000)
  const retryAfter = sent.retryAfter ?? (Number.isFinite(seconds) && seconds > 0 ? String(seconds) : null)
  return { ...sent, says: `${sent.says}: too many requests`, again: true, retryAfter }
}

/** Jira names fields that it does not take under `errors`. */
function wrongFields({ status, body }: HttpResponse): string[] {
  if (status !== 400) return []
  try {
    const read = z.object({ errors: z.record(z.string(), z.unknown()) }).safeParse(JSON.parse(body))
    return read.success ? Object.keys(read.data.errors).slice(0, 20) : []
  } catch {
    return []
  }
}

function readAnswer<Shape>({ body, truncated, status }: HttpResponse, shape: z.ZodType<Shape>): Shape {
  if (truncated) throw refusal(`it answered more than ${maxAnswer / 1_000_000} MB`, true)
  if (status === 204 || body === '') return parsed(null, shape)
  try {
    return parsed(JSON.parse(body), shape)
  } catch (error) {
    // A proxy or a page for signing in answers 200 with HTML. The words of the parser quote it.
    throw error instanceof TrackerRefused ? error : refusal(`it answered ${status} with something else than JSON`, true)
  }
}

function parsed<Shape>(value: unknown, shape: z.ZodType<Shape>): Shape {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  throw refusal('it answered something else than its API describes', true)
}

/** What could not be done without having been answered so. `again`: another attempt may do better. */
export function refusal(says: string, again: boolean): TrackerRefused {
  return new TrackerRefused({ delivered: false, says, again, retryAfter: null })
}

/** Null where the tracker says that the thing is not there, or not any more. */
export async function unlessGone<Value>(asked: Promise<Value>): Promise<Value | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof TrackerRefused && (error.status === 404 || error.status === 410)) return null
    throw error
  })
}

/** Words of a tracker, bounded. They are made fit to be shown where they are. */
export const Words = z.string().transform((text) => text.slice(0, 200))
/** An answer that is not read. */
export const Ignored = z.unknown()
