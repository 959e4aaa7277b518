import { join, resolve } from 'node:path'
import { ordinaryBounds, type SandboxedProcess, type SandboxRun } from '@upkeep/contract'

const root = resolve(import.meta.dirname, '..', '..', '..')

/** A run of the practice server of this folder: a Node.js server whose packages are shown, and nothing else of the tree they lie in. */
export function practiceServerRun(over: Partial<SandboxRun> = {}): SandboxRun {
  return {
    argv: ['node', '/srv/server.mjs'],
    env: {},
    cwd: '/data',
    shows: [
      { outside: join(import.meta.dirname, 'sdk-server.mjs'), inside: '/srv/server.mjs' },
      ...['@modelcontextprotocol', 'zod'].map((name) => ({
        outside: join(root, 'node_modules', name),
        inside: `/srv/node_modules/${name}`,
      })),
    ],
    lays: [],
    network: 'none',
    bounds: ordinaryBounds,
    ...over,
  }
}

/** Speaks the initialize era with a running server: opens, and lists its tools. Answers come by their ids; other lines are passed over. */
export async function openAndList(server: SandboxedProcess): Promise<{ opening: unknown; tools: unknown }> {
  const answers = server.lines()[Symbol.asyncIterator]()
  async function ask(id: number, method: string, params: object): Promise<unknown> {
    server.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    for (let next = await answers.next(); !next.done; next = await answers.next()) {
      const message: { id?: unknown; result?: unknown } = JSON.parse(next.value)
      if (message.id === id) return message.result
    }
    return null
  }
  const client = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'upkeep', version: '0' } }
  const opening = await ask(1, 'initialize', client)
  server.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
  return { opening, tools: await ask(2, 'tools/list', {}) }
}
