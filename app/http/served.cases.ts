import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Role, SessionLimits } from '@upkeep/contract'
import { openProduct } from '../open-product.ts'
import type { Context, Machine } from '../operations/context.ts'
import { presentPerson } from '../operations/person.cases.ts'
import { runOperation } from '../operations/run-operation.ts'
import { operations } from '../operations/table.ts'
import type { ServeBinding } from '../serve-binding.ts'
import { serve } from './serve.ts'

/** The door of an installation of its own, opened for real: threads, sockets, files. */
export interface Served {
  readonly origin: string
  readonly home: string
  readonly state: string
  readonly machine: Machine
  link(): string
  /** A browser's request, signed in unless told otherwise. Writes carry our own origin. */
  ask(path: string, options?: RequestInit & { cookie?: string | null }): Promise<Response>
  /** As `ask`, for a write with JSON. */
  order(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** Another browser's session. */
  signIn(): Promise<string>
  /** What was written to the log, one line each. */
  readonly log: readonly string[]
  /** Runs an operation as whoever sits at the terminal does. */
  atTerminal(operation: string, input: Record<string, unknown>, as?: Pick<Context, 'signer'>): Promise<unknown>
  /** Makes a token at the terminal, and gives back what it is sent as. */
  token(asked: { name: string; role: Role; operations?: readonly string[] }): Promise<string>
  stop(): Promise<void>
}

let made = 0

/** Serves a home with one entry in a client's file. Names are plain: what is drawn at random is taken for a secret. */
export async function served(
  prepare: (home: string) => void = oneServer,
  host = '127.0.0.1',
  over: Partial<ServeBinding> = {},
  /** Whose folders it serves: of one that was stopped. Left out, new ones. */
  again: Pick<Served, 'home' | 'state'> | null = null,
): Promise<Served> {
  made += 1
  const root = join(tmpdir(), `upkeep-served-${process.pid}-${Date.now()}-${made}`)
  const { home, state } = again ?? { home: join(root, 'home'), state: join(root, 'state') }
  mkdirSync(home, { recursive: true, mode: 0o700 })
  prepare(home)
  const machine = {
    platform: process.platform,
    home,
    user: 'ada',
    env: { UPKEEP_HOME: state, PRACTICE_SECRET: process.env.PRACTICE_SECRET },
    cwd: home,
    nodePath: process.execPath,
    programPath: '/opt/upkeep/bin/upkeep.js',
  }
  const stop = new AbortController()
  const log: string[] = []
  const atTerminal: Served['atTerminal'] = (operation, input, as) => ranHere(machine, operation, input, as)
  const workplace = { machine, configPath: undefined, practice: false }
  const door = await new Promise<{ origin: string; link: () => string; ended: Promise<void> }>((resolve, reject) => {
    const binding = { host, port: 0, tls: null, behind: null, oidc: null, sessions: SessionLimits.parse({}), ...over }
    const asked = { version: '0.0.0', person: 'ada', workplace, binding, duties: false, signal: stop.signal }
    const ended = serve({
      ...asked,
      log: { write: (text) => log.push(...text.split(/(?<=\n)/)) },
      tell: () => {},
      opened: ({ origin, link }) => resolve({ origin, link: () => link?.() ?? '', ended }),
    })
    ended.catch(reject)
  })
  const { origin, link, ended } = door
  const signIn = async () => {
    const entered = await fetch(link(), { redirect: 'manual' })
    return (entered.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
  }
  // What is signed by nobody is not taken by fetch.
  const own = link().startsWith('http:') ? await signIn() : ''
  const ask: Served['ask'] = (path, { cookie = own, headers, ...rest } = {}) =>
    fetch(`${origin}${path}`, {
      redirect: 'manual',
      ...rest,
      headers: { ...(cookie !== null && { cookie }), ...Object(headers) },
    })
  return {
    origin,
    home,
    state,
    machine,
    link,
    ask,
    signIn,
    log,
    atTerminal,
    token: async (asked) => `Bearer ${Object(await atTerminal('token.new', asked)).token}`,
    order: (path, body, headers) =>
      ask(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', origin, ...headers },
      }),
    async stop() {
      stop.abort()
      await ended
    },
  }
}

async function ranHere(
  machine: Machine,
  id: string,
  input: Record<string, unknown>,
  as?: Pick<Context, 'signer'>,
): Promise<unknown> {
  const operation = operations.find((one) => one.id === id)
  if (operation === undefined) throw new Error(`no operation ${id}`)
  const person = presentPerson()
  const quiet = { signal: new AbortController().signal, progress: () => {}, tell: () => {} }
  const reached = operations.flatMap((one) => (one.at === 'terminal' ? [] : [one.id]))
  const { context, close } = await openProduct({ machine, operations: reached, ...quiet }, 'own')
  try {
    return (await runOperation(operation, { ...context, ...as, person }, input)).output
  } finally {
    await close()
  }
}

export function oneServer(home: string): void {
  mkdirSync(join(home, '.cursor'), { recursive: true })
  const mcpServers = {
    fs: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', home] },
    everything: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything'] },
  }
  writeFileSync(
    join(home, 'upkeep.yaml'),
    'version: 1\npeople:\n  - { id: ada, name: Ada, roles: [admin, operator, approver] }\n',
  )
  writeFileSync(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers }), { mode: 0o644 })
}
