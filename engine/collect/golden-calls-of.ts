import { type GoldenCall, GoldenCalls, type ListedTool, type Settings } from '@upkeep/contract'
import type { FilesPort } from '@upkeep/contract/ports'

/** The golden calls of one server; and what is not tested for want of them. */
export interface GoldenLook {
  calls: readonly GoldenCall[]
  /** The tools that were called, as they were listed then. */
  tools: readonly ListedTool[]
  notTested: string[]
}

const maxBytes = 4 << 20

/** Reads the golden calls that `upkeep.yaml` names for a server. A file that cannot be read is said, never passed over. */
export function goldenCallsOf(server: string, { servers = [] }: Settings, files: FilesPort): GoldenLook {
  const path = servers.findLast(({ name, goldenCalls }) => name === server && goldenCalls !== undefined)?.goldenCalls
  if (path === undefined)
    return { calls: [], tools: [], notTested: ['any tool: upkeep.yaml names no golden calls for it'] }
  const read = files.read(path, maxBytes)
  if (read.state !== 'present') {
    const why = read.state === 'absent' ? 'the file is not there' : read.reason
    return { calls: [], tools: [], notTested: [`any tool: its golden calls could not be read (${why})`] }
  }
  const parsed = GoldenCalls.safeParse(jsonOf(new TextDecoder().decode(read.bytes)))
  if (parsed.success) return { calls: parsed.data.calls, tools: parsed.data.tools ?? [], notTested: [] }
  const where = parsed.error.issues[0]?.path.join('.').slice(0, 80) ?? ''
  return {
    calls: [],
    tools: [],
    notTested: [`any tool: its golden calls are not of the documented form (at ${where || 'the top'})`],
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
