import type { McpPort, Refusal } from '@upkeep/contract'
import { converse } from './mcp-conversation.ts'
import { LineChannel } from './mcp-line-channel.ts'
import { failedEra } from './mcp-outcome.ts'
import { listSurface } from './mcp-surface.ts'
import { refuse } from './network-refusal.ts'

type Capture = McpPort['capture']

/** Lists what a running program offers, in the first of `eras` that it speaks. The program is left running. */
export async function captureSurface(...[program, options]: Parameters<Capture>): ReturnType<Capture> {
  const channel = new LineChannel(program, options, 'stdio')
  const tried: string[] = []
  try {
    for (const [at, era] of options.eras.entries()) {
      const last = at === options.eras.length - 1
      const found = await converse(era, channel, last ? channel.remainingMs : Math.ceil(channel.remainingMs / 2))
      if (found.state === 'open') return { state: 'answered', surface: await listSurface(found, options.lists ?? 1) }
      tried.push(`${era}: ${failedEra(era, found, channel).detail}`)
      if (channel.failure !== null || channel.flooded) break
    }
    return refusal(channel, tried.join('; '))
  } finally {
    await channel.end()
  }
}

function refusal(channel: LineChannel, why: string): Refusal {
  if (channel.flooded) return refuse('too-large', why)
  if (channel.failure !== null) return refuse(channel.failure.code, why)
  return refuse(channel.expired ? 'timed-out' : 'not-supported', why)
}
