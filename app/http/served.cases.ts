import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Machine } from '../operations/context.ts'
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
  stop(): Promise<void>
}

let made = 0

/** Serves a home with one entry in a client's file. Names are plain: what is drawn at random is taken for a secret. */
export async function served(prepare: (home: string) => void = oneServer): Promise<Served> {
  made += 1
  const root = join(tmpdir(), `upkeep-served-${process.pid}-${Date.now()}-${made}`)
  const [home, state] = [join(root, 'home'), join(root, 'state')]
  mkdirSync(home, { recursive: true, mode: 0o700 })
  prepare(home)
  const machine = {
    platform: process.platform,
    home,
    user: 'ada',
    env: { UPKEEP_HOME: state },
    cwd: home,
    nodePath: process.execPath,
    programPath: '/opt/upkeep/bin/upkeep.js',
  }
  const stop = new AbortController()
  const workplace = { machine, configPath: undefined, practice: false }
  const door = await new Promise<{ origin: string; link: () => string; ended: Promise<void> }>((resolve, reject) => {
    const asked = { version: '0.0.0', workplace, host: '127.0.0.1', port: 0, duties: false, signal: stop.signal }
    const ended = serve({
      ...asked,
      log: { write: () => {} },
      tell: () => {},
      opened: (origin, link) => resolve({ origin, link, ended }),
    })
    ended.catch(reject)
  })
  const { origin, link, ended } = door
  const signIn = async () => {
    const entered = await fetch(link(), { redirect: 'manual' })
    return (entered.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
  }
  const own = await signIn()
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

function oneServer(home: string): void {
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
