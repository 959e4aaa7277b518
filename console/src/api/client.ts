import { keepPreviousData, type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Reads, Writes } from '../../generated/api'
import { attendance } from './attended'
import { pageHeader } from './page-key'
import { type SignatureAsked, signedWithPasskey } from './passkey'

/** What the API answers when it does not do what was asked: RFC 9457, with what to do. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly action: string
  readonly body: Readonly<Record<string, unknown>>
  constructor(status: number, body: Record<string, unknown>) {
    super(textOf(body.title, 'The answer cannot be read.'))
    this.status = status
    this.code = textOf(body.code, 'unknown')
    this.detail = textOf(body.detail, '')
    this.action = textOf(body.action, '')
    this.body = body
  }
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

export type ReadName = keyof Reads
export type Output<Name extends ReadName> = Reads[Name]['output']
export type WriteOutput<Name extends keyof Writes> = Writes[Name]['output']
export type PagedName = { [Name in ReadName]: Reads[Name]['pages'] extends null ? never : Name }[ReadName]
/** One row of a list that is handed out in pages. */
export type Row<Name extends PagedName> = Reads[Name] extends { output: infer Out; pages: infer Key extends string }
  ? Key extends keyof Out
    ? Out[Key] extends (infer One)[]
      ? One
      : never
    : never
  : never

export interface PageAsked {
  offset: number
  count: number
  search?: string
  sort?: string
}

/** What stands in a page: the answer, and how long the whole list is. */
export type Paged<Name extends ReadName> = Output<Name> & { page: { offset: number; count: number; total: number } }

export async function answered(response: Response): Promise<unknown> {
  const body: unknown = response.status === 204 ? {} : await response.json().catch(() => ({}))
  if (response.ok) return body
  throw new ApiProblem(response.status, Object(body))
}

function addressOf(name: string, asked: object): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(asked)) {
    if (value === undefined || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(key, String(one))
  }
  const text = query.toString()
  return `/api/v1/${name}${text === '' ? '' : `?${text}`}`
}

/** Asks once. The caller says by the name what comes back. */
export async function read<Name extends ReadName>(
  name: Name,
  input: Reads[Name]['input'] & Partial<PageAsked>,
  signal?: AbortSignal,
): Promise<Output<Name>> {
  const response = await fetch(addressOf(name, input), {
    credentials: 'same-origin',
    headers: { ...attendance(), ...pageHeader() },
    ...(signal && { signal }),
  })
  return (await answered(response)) as Output<Name>
}

/** Asks for what is handed out as a file. */
export async function readFile(path: string): Promise<Blob> {
  const response = await fetch(path, { credentials: 'same-origin', headers: pageHeader() })
  if (!response.ok) await answered(response)
  return response.blob()
}

/** Reads, and reads again when something was recorded. */
export function useRead<Name extends ReadName>(
  name: Name,
  input: Reads[Name]['input'],
  options: {
    enabled?: boolean
    refetchInterval?: (query: { state: { data?: Output<Name> | undefined } }) => number | false
  } = {},
): UseQueryResult<Output<Name>, Error> {
  return useQuery({
    queryKey: [name, input],
    queryFn: ({ signal }) => read(name, input, signal),
    ...options,
  })
}

/** Reads one page; the former one stays while the next is on its way. */
export function usePage<Name extends PagedName>(
  name: Name,
  input: Reads[Name]['input'],
  page: PageAsked,
): UseQueryResult<Paged<Name>, Error> {
  return useQuery({
    queryKey: [name, input, page],
    queryFn: async ({ signal }) => (await read(name, { ...input, ...page }, signal)) as Paged<Name>,
    placeholderData: keepPreviousData,
  })
}

/** What goes on while a write runs. */
export interface WriteEvents {
  onProgress?(text: string): void
}

/** Writes once; what takes the person is signed with a passkey of theirs, and then goes on where it stopped. */
export async function write<Name extends keyof Writes>(
  name: Name,
  input: Writes[Name]['input'],
  events: WriteEvents,
  key: string = crypto.randomUUID(),
): Promise<Writes[Name]['output']> {
  let assertion: string | null = null
  for (let signatures = 0; ; signatures += 1) {
    try {
      return await sentUntilAnswered(name, input, events, { key, assertion })
    } catch (error) {
      const asked = signatureAskedBy(error)
      if (asked === null || signatures >= mostSignatures) throw error
      events.onProgress?.('Your passkey is asked: confirm on your device.')
      assertion = await signedWithPasskey(asked)
    }
  }
}

/** How often a write whose connection broke is asked for again, and after how long: for five minutes. */
const patience = { tries: 150, ms: 2_000 }

/**
 * A write whose connection broke goes on at the other side. It is asked for again under its key until it answers: what is still being worked on
 * says so, what was done gives its answer, and what was cut off is said to have been.
 */
async function sentUntilAnswered<Name extends keyof Writes>(
  name: Name,
  input: Writes[Name]['input'],
  events: WriteEvents,
  proof: { key: string; assertion: string | null },
): Promise<Writes[Name]['output']> {
  for (let broken = 0; ; ) {
    try {
      return await send(name, input, events, proof)
    } catch (error) {
      const isBusy = broken > 0 && error instanceof ApiProblem && error.code === 'state-busy'
      const isBroken = error instanceof TypeError || (error instanceof ApiProblem && error.code === cutOff)
      if (!(isBusy || isBroken) || broken >= patience.tries) throw error
      broken += 1
      events.onProgress?.(
        isBusy ? 'It is still being worked on.' : 'The connection broke. It is asked for again: nothing is done twice.',
      )
      await new Promise((resolve) => setTimeout(resolve, patience.ms))
    }
  }
}

const cutOff = 'connection-ended'

/** A new passkey takes two: its own, and that of one in force. */
const mostSignatures = 2

function signatureAskedBy(error: unknown): SignatureAsked | null {
  if (!(error instanceof ApiProblem) || error.code !== 'signature-needed') return null
  const { challenge, credentials } = Object(error.body.signature) as Record<string, unknown>
  if (typeof challenge !== 'string' || !Array.isArray(credentials)) return null
  return { challenge, credentials: credentials.map(String) }
}

/** Sends a write, telling what goes on: sent again after a lost answer, the same key gets the same answer. */
async function send<Name extends keyof Writes>(
  name: Name,
  input: Writes[Name]['input'],
  { onProgress }: WriteEvents,
  { key, assertion }: { key: string; assertion: string | null },
): Promise<Writes[Name]['output']> {
  const response = await fetch(`/api/v1/${name}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'idempotency-key': key,
      ...pageHeader(),
      ...(assertion !== null && { 'passkey-assertion': assertion }),
    },
    body: JSON.stringify(input),
  })
  if (!response.ok || response.body === null) return (await answered(response)) as Writes[Name]['output']
  for await (const { event, data } of eventsIn(response.body)) {
    if (event === 'progress') onProgress?.(textOf(data.text, ''))
    if (event === 'problem') throw new ApiProblem(409, data)
    if (event === 'answer') return data.output as Writes[Name]['output']
  }
  throw new ApiProblem(503, {
    code: cutOff,
    title: 'The connection ended before the answer.',
    action: 'Look at what stands now; asked again, nothing is done twice.',
  })
}

async function* eventsIn(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let held = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const parts = `${held}${decoder.decode(value, { stream: true })}`.split('\n\n')
    held = parts.pop() ?? ''
    for (const part of parts) {
      const event = /^event: (.*)$/m.exec(part)?.[1]
      const data = /^data: (.*)$/m.exec(part)?.[1]
      if (event !== undefined && data !== undefined)
        yield { event, data: Object(JSON.parse(data)) as Record<string, unknown> }
    }
  }
}

/** A write by a button: everything that was read is read again afterwards. */
export function useWrite<Name extends keyof Writes>(name: Name) {
  const queries = useQueryClient()
  return useMutation<Writes[Name]['output'], Error, Writes[Name]['input'] & { events?: WriteEvents; key?: string }>({
    mutationFn: ({ events = {}, key, ...input }) => write(name, input as Writes[Name]['input'], events, key),
    onSettled: () => queries.invalidateQueries(),
  })
}
