import type { McpPort, Refusal } from '@upkeep/contract'
import type { CallOutcome, GoldenCall, ReplayedCall } from '@upkeep/contract/golden-calls'
import { outcomeOf } from '@upkeep/domain/replay/outcome-of'
import { steadyText } from '@upkeep/domain/replay/steady-text'
import { openFirst } from './mcp-capture.ts'
import type { Conversation } from './mcp-conversation.ts'
import { LineChannel } from './mcp-line-channel.ts'
import { listSurface } from './mcp-surface.ts'

type Replay = McpPort['replay']

/**
 * Makes golden calls on a running program, each as often as asked for, one after the other, and lists what it offers. The program is left
 * running. What it really does is done: run it in the sandbox.
 */
export async function replayCalls(...[program, calls, options]: Parameters<Replay>): ReturnType<Replay> {
  const channel = new LineChannel(program, options, 'stdio')
  try {
    const opened: Conversation | Refusal = await openFirst(channel, options.eras)
    if (opened.state === 'unavailable') return opened
    const surface = await listSurface(opened, 1)
    const replayed: ReplayedCall[] = []
    for (const call of calls) replayed.push(await replay(opened, call, options))
    return { state: 'answered', surface, replayed }
  } finally {
    await channel.end()
  }
}

async function replay(
  conversation: Conversation,
  call: GoldenCall,
  { times, callMs }: { times: number; callMs: number },
): Promise<ReplayedCall> {
  const outcomes: CallOutcome[] = []
  for (let at = 0; at < Math.max(1, times); at += 1) outcomes.push(await make(conversation, call, callMs))
  return { id: call.id, tool: call.tool, outcomes }
}

async function make(conversation: Conversation, call: GoldenCall, callMs: number): Promise<CallOutcome> {
  const answer = await conversation.ask('tools/call', { name: call.tool, arguments: call.arguments }, callMs)
  if (answer.state === 'result') return outcomeOf(answer.result)
  if (answer.state === 'failed') return { kind: 'no-answer', code: null, structure: '', text: '' }
  return { kind: 'protocol-error', code: Math.trunc(answer.code), structure: '', text: steadyText(answer.message) }
}
