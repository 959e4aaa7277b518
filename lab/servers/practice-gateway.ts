import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installedPackage } from './installed-package.ts'

const version = '0.7.1'

/** The program of the gateway; null where the registry is out of reach. */
export async function gatewayProgram(): Promise<string | null> {
  const home = await installedPackage('@fiberplane/mcp-gateway', version)
  return home === null ? null : join(home, 'node_modules/@fiberplane/mcp-gateway/bin/mcp-gateway.js')
}

/** A running gateway from the registry, with a store of its own. */
export interface PracticeGateway {
  readonly url: string
  readonly address: string
  readonly token: string
  /** What its API answers. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** The entry of a server without what it says of its moment; null where there is none. */
  entry(name: string): Promise<Record<string, unknown> | null>
  /** Number of the process that serves a server; null where none does. */
  pidOf(name: string): Promise<number | null>
  /** Its own file, as it wrote it. */
  stored(): string
  stop(): Promise<void>
  /** On the same port and with the same store. */
  restart(): Promise<void>
}

const momentary = ['lastActivity', 'exchangeCount', 'processState', 'health', 'lastHealthCheck', 'lastCheckTime']
const more = ['lastHealthyTime', 'lastErrorTime', 'errorMessage', 'errorCode', 'responseTimeMs', 'name']

/** Starts the gateway on a free port of loopback; `folder` is made anew and holds its store. */
export async function startGateway(program: string, folder: string): Promise<PracticeGateway> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const token = `practice-gateway-admin-${port}-not-a-real-one`
  const url = `http://127.0.0.1:${port}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  let child: ChildProcess | null = null

  async function call(method: string, path: string, body?: unknown) {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as unknown }
  }

  async function told(name: string): Promise<Record<string, unknown> | null> {
    const { body } = await call('GET', '/servers/config')
    const { servers } = body as { servers: Record<string, unknown>[] }
    return servers.find((one) => one.name === name) ?? null
  }

  async function start(): Promise<void> {
    const env = { PATH: process.env.PATH ?? '', HOME: folder, MCP_GATEWAY_TOKEN: token }
    const started = spawn(process.execPath, [program, '--port', String(port), '--storage-dir', join(folder, 'store')], {
      env,
      stdio: 'ignore',
    })
    child = started
    for (let tries = 0; tries < 300; tries += 1) {
      if (started.exitCode !== null) throw new Error(`the gateway ended with ${started.exitCode}`)
      const there = await call('GET', '/servers/config').catch(() => null)
      if (there?.status === 200) return
      await sleep(100)
    }
    throw new Error('the gateway did not answer')
  }

  await start()
  return {
    url,
    address: `${url}/api/servers/config`,
    token,
    call,
    async entry(name) {
      const found = await told(name)
      if (found === null) return null
      return Object.fromEntries(Object.entries(found).filter(([key]) => ![...momentary, ...more].includes(key)))
    },
    async pidOf(name) {
      const state = (await told(name))?.processState as { pid?: number | null } | undefined
      return state?.pid ?? null
    },
    stored: () => readFileSync(join(folder, 'store', 'mcp.json'), 'utf8'),
    async stop() {
      if (child === null || child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    restart: start,
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
