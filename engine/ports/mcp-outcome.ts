import { ProtocolError, SdkError } from '@modelcontextprotocol/client'
import type { Facts } from '@upkeep/contract'
import type { Era } from './mcp-session.ts'
import { noAnswerInTime, type Wire } from './mcp-wire.ts'

export type EraAnswer = Facts<'endpoint'>['eras'][number]

/**
 * What a failed attempt in one era comes to: read off the wire first, then from the client's error code. Messages of the client are left
 * alone, since they quote the server.
 */
export function failedEra(era: Era, error: unknown, wire: Wire): EraAnswer {
  const base = { era, protocolVersion: null }
  if (wire.flooded) return { ...base, outcome: 'failed', detail: 'the server sent more than the bound allows' }
  const status = wire.statuses.at(-1)
  if (status === 401) return { ...base, outcome: 'refused', detail: 'HTTP 401: the server asks for authentication' }
  if (status === 403) return { ...base, outcome: 'refused', detail: 'HTTP 403: the server refuses' }
  if (status !== undefined && status >= 300 && status < 400) {
    return {
      ...base,
      outcome: 'failed',
      detail: `HTTP ${status}: the server points elsewhere; redirects are not followed`,
    }
  }
  if (status !== undefined && status >= 500) return { ...base, outcome: 'failed', detail: `HTTP ${status}` }
  if (status !== undefined && status >= 400) {
    return { ...base, outcome: 'unsupported', detail: `HTTP ${status}: not understood` }
  }
  if (wire.failure !== null) return { ...base, outcome: 'failed', detail: wire.failure.reason }
  return { ...base, ...fromError(error, wire.expired) }
}

function fromError(error: unknown, expired: boolean): Pick<EraAnswer, 'outcome' | 'detail'> {
  if (expired) return { outcome: 'failed', detail: noAnswerInTime }
  if (error instanceof ProtocolError) {
    return { outcome: 'unsupported', detail: `the server answered with JSON-RPC error ${error.code}` }
  }
  if (error instanceof SdkError) {
    if (error.code === 'REQUEST_TIMEOUT') return { outcome: 'failed', detail: noAnswerInTime }
    if (error.code === 'ERA_NEGOTIATION_FAILED')
      return { outcome: 'unsupported', detail: 'the server does not offer this era' }
    return { outcome: 'failed', detail: `the answer was not usable (${error.code})` }
  }
  return { outcome: 'failed', detail: 'the answer was not a message of the protocol' }
}
