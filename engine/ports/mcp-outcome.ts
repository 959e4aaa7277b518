import type { Facts } from '@upkeep/contract'
import type { Era } from '@upkeep/contract/observations/tool-surface'
import type { Traffic } from './mcp-channel.ts'
import type { NotOpen } from './mcp-conversation.ts'
import { noAnswerInTime } from './mcp-wire.ts'

export type EraAnswer = Facts<'endpoint'>['eras'][number]
type Outcome = Pick<EraAnswer, 'outcome' | 'detail'>

/** What a failed attempt in one era comes to: read off the traffic first, then from the answer. Nothing that the server said is passed on. */
export function failedEra(era: Era, { answer }: NotOpen, traffic: Traffic): EraAnswer {
  return { era, protocolVersion: null, ...(fromTraffic(traffic) ?? fromAnswer(answer, traffic)) }
}

function fromTraffic({ flooded, lastStatus: status }: Traffic): Outcome | null {
  if (flooded) return failed('the server sent more than the bound allows')
  if (status === null || status < 300) return null
  if (status === 401) return { outcome: 'refused', detail: 'HTTP 401: the server asks for authentication' }
  if (status === 403) return { outcome: 'refused', detail: 'HTTP 403: the server refuses' }
  if (status < 400) return failed(`HTTP ${status}: the server points elsewhere; redirects are not followed`)
  if (status >= 500) return failed(`HTTP ${status}`)
  return { outcome: 'unsupported', detail: `HTTP ${status}: not understood` }
}

function fromAnswer(answer: NotOpen['answer'], { failure, expired, lastStatus }: Traffic): Outcome {
  if (answer.state === 'error') {
    return { outcome: 'unsupported', detail: `the server answered with JSON-RPC error ${answer.code}` }
  }
  if (answer.state === 'unfit') return { outcome: 'unsupported', detail: 'the server does not offer this era' }
  if (failure !== null) return failed(failure.reason)
  if (expired || lastStatus === null) return failed(noAnswerInTime)
  return failed('the answer was not a message of the protocol')
}

function failed(detail: string): Outcome {
  return { outcome: 'failed', detail }
}
