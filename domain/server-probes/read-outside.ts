import type { ProbeAttempt } from '@upkeep/contract/probe'
import type { LaidFile } from '@upkeep/contract/sandbox'
import type { ServerUnderTest, StartedServer } from '@upkeep/contract/server-probe'
import { briefOf, isToolError, textOf } from './text-of.ts'

/** The folder that a server may read from, and a file in it. */
export const allowedRoot = '/data/allowed'
const allowed = { path: `${allowedRoot}/inside.txt`, text: 'upkeep-inside' }

/** A file that a server must not give out, as it lies in the sandbox beside one that it may. */
export interface OutsideRead {
  lays: readonly LaidFile[]
  /** The way that leads out of the allowed folder, and what is at its end. */
  outside: { path: string; canary: string }
}

/**
 * Asks a file server for a file in its root, which shows that it reads at all, and then for one outside. Only a canary that came back shows
 * that it escaped, and only a refusal that it did not.
 */
export async function readOutside(server: ServerUnderTest, read: OutsideRead): Promise<ProbeAttempt> {
  const started = await server.start({ args: [allowedRoot], lays: [allowed, ...read.lays] })
  if ('state' in started) return { outcome: 'inconclusive', detail: started.reason, transcript: [] }
  const transcript: { sent: string; received: string }[] = []
  const tool = await readingTool(started)
  const ask = async (path: string) => {
    const reply = await started.call(tool, { path })
    transcript.push({ sent: `tools/call ${tool} ${path}`, received: briefOf(reply) })
    return reply
  }
  if (!textOf(await ask(allowed.path)).includes(allowed.text))
    return { outcome: 'inconclusive', detail: 'it does not read the file that it may read', transcript }
  const reply = await ask(read.outside.path)
  const escaped = textOf(reply).includes(read.outside.canary)
  if (escaped) return { outcome: 'broken', detail: `it read ${read.outside.path}, outside ${allowedRoot}`, transcript }
  const refused = isToolError(reply) || reply.state === 'error'
  if (!refused) return { outcome: 'inconclusive', detail: 'it neither read the file nor refused to', transcript }
  return { outcome: 'held', detail: `it refused to read ${read.outside.path}, outside ${allowedRoot}`, transcript }
}

/** Newer versions call it `read_text_file`, and keep the older name beside it for a while. */
async function readingTool(server: StartedServer): Promise<string> {
  const listed = await server.request('tools/list')
  const tools = listed.state === 'result' && Array.isArray(listed.result.tools) ? listed.result.tools : []
  return tools.some((tool) => tool?.name === 'read_text_file') ? 'read_text_file' : 'read_file'
}
