import { isRecord } from '../is-record.ts'

interface SaidLine {
  way: 'in' | 'out'
  atMs: number
  line: string
}

/**
 * Names the request that a server was answering at a time: the newest one that had been sent and had no answer yet. `start` before the
 * first request; null where none was open. Lines that are not JSON-RPC are passed over.
 */
export function requestAt(transcript: readonly SaidLine[], atMs: number): string | null {
  const open = new Map<unknown, string>()
  let any = false
  for (const { way, atMs: saidAt, line } of transcript) {
    // Times are whole milliseconds: what falls into that of the answer came before it.
    if (saidAt > atMs || (way === 'out' && saidAt === atMs)) break
    const message = parsed(line)
    if (message === null) continue
    if (way === 'in' && typeof message.method === 'string' && message.id !== undefined) {
      any = true
      open.set(message.id, nameOf(message.method, message.params))
    }
    if (way === 'out' && message.method === undefined) open.delete(message.id)
  }
  if (!any) return 'start'
  return [...open.values()].at(-1) ?? null
}

/** Our own requests: their names are ours, and the tool's name is the server's. */
function nameOf(method: string, params: unknown): string {
  const tool = method === 'tools/call' && isRecord(params) && typeof params.name === 'string' ? ` ${params.name}` : ''
  return `${method}${tool}`.slice(0, 300)
}

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}
