import { serveStdio as serveConnection } from '@modelcontextprotocol/server/stdio'
import { createDesk } from '../http/work/desk.ts'
import type { Workplace } from '../http/work/messages.ts'
import { openState } from '../open-product.ts'
import { mcpServer } from './mcp-server.ts'
import { questionLog } from './question-log.ts'

/** Speaks MCP on standard input and output until the client closes them, or the signal. */
export async function serveStdio(asked: { version: string; workplace: Workplace; signal: AbortSignal }): Promise<void> {
  const { version, workplace, signal } = asked
  const desk = createDesk({ ...workplace, reads: true })
  const log = questionLog(openState(workplace.machine, workplace.practice).folder, () => new Date())
  const line = { progress: () => {}, tell: () => {} }
  const caller = { person: workplace.machine.user, roles: ['viewer'] as const, agent: true }
  const door = {
    version,
    door: 'stdio' as const,
    log,
    run: (...[call, stop]: Parameters<Parameters<typeof mcpServer>[0]['run']>) =>
      desk.answer(call, { ...line, signal: AbortSignal.any([signal, stop]) }),
  }
  try {
    const connection = serveConnection(() => mcpServer(door, caller, () => true))
    await closed(signal)
    await connection.close()
  } finally {
    await desk.close()
  }
}

function closed(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    process.stdin.once('end', () => resolve())
    process.stdin.once('close', () => resolve())
  })
}
