import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { type LineDuplex, ordinaryBounds } from '@upkeep/contract'
import { converse } from '@upkeep/engine/ports/mcp-conversation'
import { LineChannel } from '@upkeep/engine/ports/mcp-line-channel'
import { openSandbox } from '@upkeep/engine/sandbox/open-sandbox'
import { treeBelow } from '@upkeep/engine/sandbox/process-tree'

/** A way to one server, open. `call` throws where it comes to nothing; `end` says what all of its processes used since their start. */
export interface OpenWay {
  way: string
  controls: string[]
  call(): Promise<void>
  end(): Promise<{ cpuMs: number | null; memoryBytes: number | null }>
}

export interface Measured {
  /** The folder that holds the installed server, and its script in it. */
  home: string
  script: string
  args: readonly string[]
  tool: string
  arguments: Readonly<Record<string, unknown>>
}

const callMs = 10_000
const lifeMs = 3_600_000

/** The server as a child process, talked to line by line, as a client does. */
export async function direct(of: Measured): Promise<OpenWay> {
  const child = spawn(process.execPath, [of.script, ...of.args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: '/',
    env: {},
  })
  const duplex: LineDuplex = {
    send: (line) => child.stdin.write(`${line}\n`) || true,
    lines: () => createInterface({ input: child.stdout }),
  }
  const end = async () => {
    const used = usedBelow(child.pid ?? -1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    return used
  }
  return { way: 'direct', controls: [], call: await callOver(duplex, of), end }
}

/** The same bytes in the sandbox, without a network. */
export async function sandboxed(of: Measured): Promise<OpenWay> {
  const sandbox = openSandbox({ tempDir: tmpdir(), path: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` })
  const inside = of.script.replace(of.home, '/srv/0')
  const process_ = await sandbox.start(
    {
      argv: ['node', inside, ...of.args],
      ...{ env: {}, cwd: '/data', lays: [], network: 'none' as const },
      shows: [{ outside: of.home, inside: '/srv/0' }],
      bounds: { ...ordinaryBounds, wallSeconds: 3_000, cpuSeconds: 3_000, outputBytes: 1 << 30 },
    },
    ['files', 'network', 'processes'],
  )
  if ('state' in process_) throw new Error(process_.reason)
  const end = async () => {
    const { cpuMs, peakMemoryBytes } = await process_.stop()
    return { cpuMs, memoryBytes: peakMemoryBytes }
  }
  return { way: 'sandbox', controls: ['sandbox'], call: await callOver(process_, of), end }
}

async function callOver(duplex: LineDuplex, { tool, arguments: args }: Measured): Promise<() => Promise<void>> {
  const channel = new LineChannel(duplex, { timeoutMs: lifeMs, maxBytes: 1 << 30 }, 'stdio')
  const opened = await converse('initialize', channel, callMs)
  if (opened.state !== 'open') throw new Error('the server could not be spoken to')
  return async () => {
    const { state } = await opened.channel.request('tools/call', { name: tool, arguments: args }, callMs)
    if (state !== 'result') throw new Error(state)
  }
}

export interface ProxyProcess {
  url: string
  token: string
  used(): { cpuMs: number | null; memoryBytes: number | null }
  stop(): Promise<void>
}

/** The auth proxy with the server behind it, in processes of their own. */
export async function startProxy({ script, args }: Measured): Promise<ProxyProcess> {
  const program = join(import.meta.dirname, 'auth-proxy-process.ts')
  const child = spawn(process.execPath, [program, script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { url, token }: { url: string; token: string } = JSON.parse(String(line))
  const stop = async () => {
    child.stdin.end()
    await once(child, 'exit')
  }
  return { url, token, used: () => usedBelow(child.pid ?? -1), stop }
}

/** Calls through the proxy; each over a connection of its own, or all over one. */
export async function proxied(of: Measured, reuse: boolean): Promise<OpenWay> {
  const proxy = await startProxy(of)
  const agent = new Agent({ keepAlive: reuse, maxSockets: 1 })
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  const opened = await post(proxy, agent, { id: 1, method: 'initialize', params })
  const session = String(opened.session)
  await post(proxy, agent, { method: 'notifications/initialized' }, session)
  let id = 1
  return {
    way: reuse ? 'auth proxy, connection reused' : 'auth proxy',
    controls: ['authentication', 'origin', 'host', 'cors'],
    async call() {
      id += 1
      const { status, body } = await post(
        proxy,
        agent,
        { id, method: 'tools/call', params: { name: of.tool, arguments: of.arguments } },
        session,
      )
      if (status !== 200 || !body.includes('"result"')) throw new Error(`HTTP ${status}`)
    },
    async end() {
      const used = proxy.used()
      agent.destroy()
      await proxy.stop()
      return used
    },
  }
}

function post(
  { url, token }: ProxyProcess,
  agent: Agent,
  message: object,
  session?: string,
): Promise<{ status: number; session: unknown; body: string }> {
  const headers = {
    ...{
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers, timeout: callMs }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const body = Buffer.concat(pieces).toString('utf8')
        resolve({ status: response.statusCode ?? 0, session: response.headers['mcp-session-id'], body })
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ jsonrpc: '2.0', ...message }))
  })
}

function usedBelow(pid: number): { cpuMs: number; memoryBytes: number } {
  const tree = treeBelow(pid)
  const sum = (of: 'cpuMs' | 'memoryBytes') => tree.reduce((total, one) => total + one[of], 0)
  return { cpuMs: sum('cpuMs'), memoryBytes: sum('memoryBytes') }
}
