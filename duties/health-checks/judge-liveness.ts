import type { Seen } from '@upkeep/contract'

/** What was shown and what could not be judged: the two things that are not findings. */
export interface Judged {
  passes: string[]
  unknowns: string[]
}

/** Whether the endpoint answers. It is its own question: a server that answers may have no control that works. */
export function judgeLiveness(endpoint: Seen<'endpoint'>): Judged {
  if (endpoint.state !== 'seen') return { passes: [], unknowns: [`liveness: ${endpoint.reason}`] }
  const { facts } = endpoint
  const unknowns: string[] = []
  if (facts.tls !== null && !facts.tls.authorized) {
    unknowns.push(`TLS: the certificate does not hold (${facts.tls.problem ?? 'not verified'})`)
  }
  const answered = facts.eras.filter((era) => era.outcome === 'answered')
  if (answered.length > 0) {
    const versions = answered.map((era) => era.protocolVersion ?? era.era).join(' and ')
    return { passes: [`liveness: it answers MCP ${versions}`], unknowns }
  }
  if (facts.authentication.required) {
    return { passes: ['liveness: it answers, and asks for authentication (HTTP 401)'], unknowns }
  }
  return { passes: [], unknowns: [...unknowns, `liveness: no usable answer (${facts.why})`] }
}
