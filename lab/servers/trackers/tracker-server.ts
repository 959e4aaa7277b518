import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { type Running, serve } from '../loopback.ts'

/** A ticket as a practice tracker keeps it: what was asked for, as it was sent. */
export interface PracticeTicket {
  readonly number: number
  readonly fields: Record<string, unknown>
  readonly comments: unknown[]
  status: string
  closedBy: string | null
  deleted: boolean
  readonly createdAt: string
}

/** One request as it arrived. */
export interface Arrived {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** What is answered. `body`: an object is sent as JSON. */
export interface Answered {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** How a tracker answers by what its makers publish. Throws `OffContract` for a request that they do not describe. */
export type Contract = (request: Arrived, tickets: PracticeTicket[]) => Answered

/** That a request is not as the published API has it. */
export class OffContract extends Error {}

/** A tracker on this machine. */
export interface TrackerServer extends Running {
  readonly tickets: PracticeTicket[]
  readonly arrived: Arrived[]
  /** Requests that the published API does not describe: there should be none. */
  readonly refused: string[]
  /** Answers with this instead, until it is taken back. Called before (`null` to go on) and, with `after`, once the request was done. */
  fault: ((request: Arrived, when: 'before' | 'after') => Answered | 'hang' | 'drop' | null) | null
}

/** A request with what its path names, and the tickets that are there already. */
export type Asked = Arrived & { readonly id: string; readonly tickets: PracticeTicket[] }

/** One resource of an API. */
interface Route {
  readonly method: string
  readonly path: RegExp
  answer(asked: Asked): Answered
}

/** A contract out of its resources. `guard` says what is answered where a request is not let in. */
export function contractOf(
  guard: (request: Arrived) => Answered | null,
  routes: readonly Route[],
  nowhere: Answered,
): Contract {
  return (request, tickets) => {
    const refused = guard(request)
    if (refused !== null) return refused
    const known = routes.filter(({ path }) => path.test(request.path))
    const route = known.find(({ method }) => method === request.method)
    if (route === undefined && known.length > 0) throw new OffContract('not by this method')
    return route?.answer({ ...request, id: route.path.exec(request.path)?.[1] ?? '', tickets }) ?? nowhere
  }
}

/** Serves a contract on loopback. The services themselves were not asked. */
export async function serveTracker(contract: Contract): Promise<TrackerServer> {
  const state: Pick<TrackerServer, 'tickets' | 'arrived' | 'refused' | 'fault'> = {
    tickets: [],
    arrived: [],
    refused: [],
    fault: null,
  }
  const running = await serve(
    (request, response) => {
      let text = ''
      request.on('data', (part: Buffer) => (text += part))
      request.on('end', () => {
        const arrived = arrivedOf(request, text)
        state.arrived.push(arrived)
        send(response, givenFor(contract, arrived, state))
      })
    },
    { path: '' },
  )
  return Object.assign(state, running)
}

function arrivedOf({ url, method, headers }: IncomingMessage, text: string): Arrived {
  const { pathname: path, searchParams: query } = new URL(url ?? '/', 'http://practice')
  return { method: method ?? '', path, query, headers, body: text === '' ? null : JSON.parse(text) }
}

function givenFor(
  contract: Contract,
  arrived: Arrived,
  { tickets, refused, fault }: Pick<TrackerServer, 'tickets' | 'refused' | 'fault'>,
): Answered | 'hang' | 'drop' {
  const before = fault?.(arrived, 'before') ?? null
  if (before !== null) return before
  const answer = answerOf(contract, arrived, { tickets, refused })
  return fault?.(arrived, 'after') ?? answer
}

function send(response: ServerResponse, given: Answered | 'hang' | 'drop'): void {
  if (given === 'hang') return
  if (given === 'drop') {
    response.destroy()
    return
  }
  const { status, body, headers } = given
  const type = typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
}

function answerOf(
  contract: Contract,
  arrived: Arrived,
  { tickets, refused }: Pick<TrackerServer, 'tickets' | 'refused'>,
): Answered {
  try {
    return contract(arrived, tickets)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    refused.push(`${arrived.method} ${arrived.path}: ${error.message}`)
    return { status: 400, body: { message: 'off contract' } }
  }
}

/** A new ticket in a tracker. */
export function practiceTicket(
  tickets: PracticeTicket[],
  fields: Record<string, unknown>,
  status: string,
): PracticeTicket {
  const ticket: PracticeTicket = {
    number: tickets.length + 1,
    fields,
    comments: [],
    status,
    closedBy: null,
    deleted: false,
    createdAt: '2026-11-22T09:30:00Z',
  }
  tickets.push(ticket)
  return ticket
}

/** Cuts a page out of a list. */
export function pageOf<Item>(all: readonly Item[], query: URLSearchParams): { page: Item[]; next: number | null } {
  const [size, number] = [Number(query.get('per_page') ?? '20'), Number(query.get('page') ?? '1')]
  if (!(size >= 1 && size <= 100 && number >= 1)) throw new OffContract(`page ${number} of ${size}`)
  const page = all.slice((number - 1) * size, number * size)
  return { page, next: number * size < all.length ? number + 1 : null }
}
