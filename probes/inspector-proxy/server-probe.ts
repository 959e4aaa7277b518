import { defineServerProbe, type HttpResponse, type ServerProbeAttempt, type ServerUnderTest } from '@upkeep/contract'

const port = 6277
const canary = '/data/tmp/upkeep-canary'
const foreign = { host: `evil.example:${port}`, origin: 'http://evil.example' }

/** Whether a web page can have the Inspector's proxy start a program: no token, a foreign origin, a rebound name. */
export const inspectorProxy = defineServerProbe({
  id: 'inspector-proxy',
  version: 1,
  title: 'A web page cannot have the proxy of the Inspector start a program',
  tries: { kind: 'weakness', ids: ['CVE-2025-49596', 'GHSA-7f8r-222p-6f5g'] },
  of: [{ ecosystem: 'npm', name: '@modelcontextprotocol/inspector' }],
  cites: [
    'CVE-2025-49596: the proxy starts what it is asked to without authentication',
    'CWE-306 missing authentication',
    'DNS rebinding',
  ],
  needs: ['files', 'processes', 'network'],
  timeoutSeconds: 60,
  attempt,
})

async function attempt(server: ServerUnderTest): Promise<ServerProbeAttempt> {
  const started = await server.start({
    args: [],
    env: { SERVER_PORT: String(port), MCP_AUTO_OPEN_ENABLED: 'false' },
    readsBack: [canary],
    bounds: { wallSeconds: 45 },
    opens: { port },
  })
  if ('state' in started) return { outcome: 'inconclusive', detail: started.reason, transcript: [] }
  const asked = `/stdio?transportType=stdio&command=touch&args=${encodeURIComponent(canary)}`
  const request = { method: 'GET', headers: foreign, timeoutMs: 8_000, maxBytes: 4_000, firstEventOnly: true }
  const answer = await started.http.exchange({ url: `http://127.0.0.1:${port}${asked}`, ...request })
  const { readBack } = await started.stop()
  const received = answer.state === 'answered' ? `HTTP ${answer.status}` : `no answer: ${answer.reason}`
  const transcript = [
    { sent: `GET ${asked}, host: ${foreign.host}, origin: ${foreign.origin}, without a token`, received },
  ]
  if (readBack[canary]?.state === 'present')
    return {
      outcome: 'broken',
      detail: 'a request from a foreign page, without a token, had it start "touch"',
      transcript,
    }
  if (answer.state === 'answered' && isRefusal(answer))
    return { outcome: 'held', detail: `it refused (HTTP ${answer.status}), and nothing was started`, transcript }
  return { outcome: 'inconclusive', detail: `nothing was started, and it was not refused (${received})`, transcript }
}

function isRefusal({ status }: HttpResponse): boolean {
  return status === 401 || status === 403
}
