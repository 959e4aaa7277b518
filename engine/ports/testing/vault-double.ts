import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { z } from 'zod'

/**
 * A stand-in for HashiCorp Vault, which cannot be had here: a KV engine, version 2, at `secret/`, and one of version 1 at `old/`. It answers as the
 * documentation of the HTTP API and the source of the engine say, check-and-set included, for the calls that are made here and no others.
 */
export interface VaultDouble {
  readonly address: string
  readonly token: string
  /** What lies at a path, as whoever uses Vault by hand would see it; null where nothing does. */
  fields(path: string): Readonly<Record<string, unknown>> | null
  /** Writes as another user of Vault does. */
  write(path: string, fields: Readonly<Record<string, unknown>>): void
  /** Deletes a key with all its versions, as `vault kv metadata delete` does. */
  forget(path: string): void
  /** Deletes the newest version, as `vault kv delete` does. */
  softDelete(path: string): void
  /** Takes the right to make calls of this method from the token. */
  forbid(method: string | null): void
  /** Every call that came: its method and path. */
  readonly calls: readonly string[]
  /** Is done right before a write or removal is dealt with. */
  before(act: (() => void) | null): void
  close(): Promise<void>
}

interface Version {
  fields: Record<string, unknown>
  deleted: boolean
}

const Body = z.object({
  data: z.record(z.string(), z.unknown()),
  options: z.object({ cas: z.number().int() }).partial().optional(),
})
const time = '2026-11-27T12:00:00.000000000Z'

export async function vaultDouble(): Promise<VaultDouble> {
  const token = 'practice-vault-token-not-a-real-one'
  const keys = new Map<string, Version[]>()
  const calls: string[] = []
  let forbidden: string | null = null
  let before: (() => void) | null = null
  const server = createServer((incoming, answer) => {
    const { method = '', url = '' } = incoming
    calls.push(`${method} ${url}`)
    const end = ({ status, body }: Answered) => {
      answer.writeHead(status, { 'content-type': 'application/json' })
      answer.end(body === undefined ? '' : JSON.stringify(body))
    }
    if (incoming.headers['x-vault-token'] !== token || method === forbidden) return end(denied)
    if (method !== 'GET') before?.()
    answered(keys, incoming, method, url).then(end, () => end({ status: 500, body: { errors: ['internal error'] } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a practice server listens on a port')
  const write = (path: string, fields: Record<string, unknown>) =>
    void keys.set(path, [...(keys.get(path) ?? []), { fields, deleted: false }])
  return {
    address: `http://127.0.0.1:${address.port}`,
    token,
    calls,
    fields: (path) => newest(keys, path)?.fields ?? null,
    write,
    forget: (path) => void keys.delete(path),
    softDelete: (path) => void Object.assign(newest(keys, path) ?? {}, { deleted: true }),
    forbid: (method) => {
      forbidden = method
    },
    before: (act) => {
      before = act
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

interface Answered {
  status: number
  body?: unknown
}
const denied: Answered = { status: 403, body: { errors: ['permission denied'] } }

function newest(keys: ReadonlyMap<string, Version[]>, path: string): Version | undefined {
  return keys.get(path)?.at(-1)
}

async function answered(
  keys: Map<string, Version[]>,
  incoming: IncomingMessage,
  method: string,
  url: string,
): Promise<Answered> {
  const mounts = /^\/v1\/sys\/internal\/ui\/mounts\/(secret|old)\/.+$/.exec(url)
  if (mounts !== null && method === 'GET')
    return { status: 200, body: { data: { path: `${mounts[1]}/`, type: 'kv', options: engines[mounts[1] ?? ''] } } }
  const [, part, rest = ''] = /^\/v1\/secret\/(data|metadata)\/(.+)$/.exec(url) ?? []
  const path = `secret/${rest}`
  if (part === 'metadata' && method === 'DELETE') {
    keys.delete(path)
    return { status: 204 }
  }
  if (part !== 'data') return { status: 404, body: { errors: [] } }
  return method === 'GET' ? read(keys, path) : put(keys, path, Body.safeParse(await json(incoming)))
}

/** A version 1 engine has no options at all. */
const engines: Readonly<Record<string, { version: string } | null>> = { secret: { version: '2' }, old: null }

/** A deleted version is a 404 that still tells of it. */
function read(keys: ReadonlyMap<string, Version[]>, path: string): Answered {
  const versions = keys.get(path) ?? []
  const last = versions.at(-1)
  if (last === undefined) return { status: 404, body: { errors: [] } }
  const metadata = {
    version: versions.length,
    created_time: time,
    deletion_time: last.deleted ? time : '',
    destroyed: false,
    custom_metadata: null,
  }
  return last.deleted
    ? { status: 404, body: { data: { data: null, metadata } } }
    : { status: 200, body: { data: { data: last.fields, metadata } } }
}

/** `cas` has to be the number of the newest version, 0 where there never was one: one that was deleted counts. */
function put(keys: Map<string, Version[]>, path: string, body: z.ZodSafeParseResult<z.infer<typeof Body>>): Answered {
  if (!body.success) return { status: 400, body: { errors: ['no data provided'] } }
  const versions = keys.get(path) ?? []
  const cas = body.data.options?.cas
  if (cas !== undefined && cas !== versions.length)
    return { status: 400, body: { errors: ['check-and-set parameter did not match the current version'] } }
  keys.set(path, [...versions, { fields: body.data.data, deleted: false }])
  const metadata = { created_time: time, deletion_time: '', destroyed: false, custom_metadata: null }
  return { status: 200, body: { data: { version: versions.length + 1, ...metadata } } }
}
