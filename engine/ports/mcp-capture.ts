import type { McpPort, Refusal } from '@upkeep/contract'
import type { Era } from '@upkeep/contract/observations/tool-surface'
import { type Conversation, converse } from './mcp-conversation.ts'
import { LineChannel } from './mcp-line-channel.ts'
import { failedEra } from './mcp-outcome.ts'
import { listSurface } from './mcp-surface.ts'
import { noAnswerInTime } from './mcp-wire.ts'
import { refuse } from './network-refusal.ts'

type Capture = McpPort['capture']

/** Lists what a running program offers, in the first of `eras` that it speaks. The program is left running. */
export async function captureSurface(...[program, options]: Parameters<Capture>): ReturnType<Capture> {
  const channel = new LineChannel(program, options, 'stdio')
  try {
    const opened: Conversation | Refusal = await openFirst(channel, options.eras)
    if (opened.state === 'unavailable') return opened
    return { state: 'answered', surface: await listSurface(opened, options.lists ?? 1) }
  } finally {
    await channel.end()
  }
}

/** Opens a conversation in the first of `eras` that the program speaks. Silence in one leaves half of the time to the next. */
export async function openFirst(channel: LineChannel, eras: readonly Era[]): Promise<Conversation | Refusal> {
  const tried: string[] = []
  for (const [at, era] of eras.entries()) {
    const last = at === eras.length - 1
    const found = await converse(era, channel, last ? channel.remainingMs : Math.ceil(channel.remainingMs / 2))
    if (found.state === 'open') return found
    tried.push(`${era}: ${failedEra(era, found, channel).detail}`)
    if (channel.failure !== null || channel.flooded) break
  }
  return refusal(channel, tried.join('; '))
}

function refusal(channel: LineChannel, why: string): Refusal {
  if (channel.flooded) return refuse('too-large', why)
  if (channel.failure !== null) return refuse(channel.failure.code, why)
  return refuse(why.endsWith(noAnswerInTime) ? 'timed-out' : 'not-supported', why)
}
