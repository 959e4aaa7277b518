import type { Probe, ProbeAttempt } from '@upkeep/contract'
import { createHttpPort } from '@upkeep/engine/ports/http'
import type { Running } from './loopback.ts'

/** Makes one attempt of a probe against a practice server, and closes the server. */
export async function attemptAt<Server extends Running>(
  probe: Probe<'http'>,
  server: Promise<Server>,
  token: (server: Server) => string | null = () => null,
): Promise<ProbeAttempt> {
  const running = await server
  try {
    const given = token(running)
    const authorization = given === null ? null : `Bearer ${given}`
    return await probe.attempt({ url: running.url, authorization }, { http: createHttpPort() })
  } finally {
    await running.close()
  }
}
