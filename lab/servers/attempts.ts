import type { ControlAttempt, Probe, ProbeSubject } from '@upkeep/contract'
import { realPorts } from './declared.ts'
import type { Running } from './loopback.ts'

type Reaches = 'http' | 'tls' | 'logs' | 'machine'
const ports = realPorts()

/** Makes one attempt of a probe against a practice server, and closes the server. */
export async function attemptAt<Server extends Running>(
  probe: Probe<Reaches> | Probe<'http'> | Probe<'http' | 'tls'> | Probe<'http' | 'logs'> | Probe<'http' | 'machine'>,
  server: Promise<Server>,
  token: (server: Server) => string | null = () => null,
  over: (server: Server) => Partial<ProbeSubject> = () => ({}),
): Promise<ControlAttempt> {
  const running = await server
  try {
    const given = token(running)
    const authorization = given === null ? null : bearer(given)
    return await probe.attempt({ url: running.url, authorization, ...over(running) }, ports)
  } finally {
    await running.close()
  }
}

/** A token as a header carries it. */
export function bearer(token: string): string {
  return `Bearer ${token}`
}
