import { connect } from 'node:net'
import { Role } from '@upkeep/contract'
import { z } from 'zod'
import type { Served } from './served.cases.ts'

/** A route as the published description has it. */
export interface Route {
  readonly method: 'get' | 'post'
  readonly path: string
  /** Who may use it, as it is published; null for whoever comes. */
  readonly role: Role | null
  /** Its fields that take text, alone or as a list, that is not one of a few words. */
  readonly texts: readonly { readonly name: string; readonly isList: boolean }[]
  /** Texts for what has to be there. */
  readonly needed: readonly string[]
}

const Schema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  items: z.looseObject({ type: z.string().optional(), enum: z.array(z.unknown()).optional() }).optional(),
})
const Described = z.looseObject({
  'x-upkeep-role': Role.optional(),
  parameters: z
    .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean(), schema: Schema }))
    .default([]),
  requestBody: z
    .looseObject({
      content: z.looseObject({
        'application/json': z.looseObject({
          schema: z.looseObject({
            properties: z.record(z.string(), Schema).default({}),
            required: z.array(z.string()).default([]),
          }),
        }),
      }),
    })
    .optional(),
})
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.enum(['get', 'post']), Described.optional())) })

/** Every route of the API, from its own description. */
export async function routesOf(door: Served): Promise<Route[]> {
  const { paths } = Document.parse(await (await door.ask('/openapi.json')).json())
  return Object.entries(paths).flatMap(([path, methods]) =>
    (['get', 'post'] as const).flatMap((method): Route[] => {
      const one = methods[method]
      return one === undefined ? [] : [routeOf(path, method, one)]
    }),
  )
}

function routeOf(path: string, method: Route['method'], one: z.infer<typeof Described>): Route {
  const body = one.requestBody?.content['application/json'].schema
  const asked = one.parameters.filter((parameter) => parameter.in === 'query')
  const fields: readonly [string, z.infer<typeof Schema>][] =
    body === undefined ? asked.map(({ name, schema }) => [name, schema]) : Object.entries(body.properties)
  const texts = fields.flatMap(([name, { type, enum: words, items }]) => {
    if (type === 'string' && words === undefined) return [{ name, isList: false }]
    return type === 'array' && items?.type === 'string' && items.enum === undefined ? [{ name, isList: true }] : []
  })
  const needed = body?.required ?? asked.filter(({ required }) => required).map(({ name }) => name)
  return { path, method, role: one['x-upkeep-role'] ?? null, texts, needed }
}

/** Sends a route with these values, signed in. */
export function send(door: Served, { path, method }: Route, values: Record<string, unknown>, init: RequestInit = {}) {
  if (method === 'post') return door.order(path, values, Object(init.headers))
  const pairs = Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]))
  return door.ask(`${path}?${new URLSearchParams(pairs)}`, init)
}

/** Writes bytes to the socket as they are, and gives back what came until it was closed, and after how many milliseconds. */
export function raw(
  door: Pick<Served, 'origin'>,
  bytes: string,
  { drip }: { drip?: string } = {},
): Promise<{ answer: string; ms: number }> {
  const { port, hostname } = new URL(door.origin)
  const began = Date.now()
  return new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: hostname })
    let answer = ''
    const dripping = drip === undefined ? null : setInterval(() => socket.write(drip), 500)
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      if (dripping !== null) clearInterval(dripping)
      resolve({ answer, ms: Date.now() - began })
    })
    socket.write(bytes)
  })
}
