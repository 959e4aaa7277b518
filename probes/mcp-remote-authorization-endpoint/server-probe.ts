import { defineServerProbe, type ServerProbeAttempt, type ServerUnderTest } from '@upkeep/contract'
import { asWindows, authorizationServer, port, powerShellStandIn } from './inside.ts'

const said = '/data/said.txt'
const canary = '/data/canary.txt'
const inconclusive = (detail: string): ServerProbeAttempt => ({ outcome: 'inconclusive', detail, transcript: [] })

/** Whether a command in the address of an authorization server is run when the address is opened on Windows. */
export const mcpRemoteAuthorizationEndpoint = defineServerProbe({
  id: 'mcp-remote-authorization-endpoint',
  version: 1,
  title: 'The address that an authorization server names is opened, and nothing in it is run',
  tries: { kind: 'weakness', ids: ['CVE-2025-6514', 'GHSA-6xpm-ggf7-wc3p'] },
  of: [{ ecosystem: 'npm', name: 'mcp-remote' }],
  cites: ['CVE-2025-6514: authorization_endpoint reaches a shell', 'CWE-78 OS command injection'],
  needs: ['files', 'processes', 'network'],
  timeoutSeconds: 60,
  attempt,
})

async function attempt(server: ServerUnderTest): Promise<ServerProbeAttempt> {
  const started = await server.start({
    args: [`http://127.0.0.1:${port}/mcp`, '--allow-http'],
    env: { NODE_OPTIONS: '--import=/data/as-windows.mjs', SYSTEMROOT: '/data/windows' },
    lays: [
      { path: '/data/authorization-server.mjs', text: authorizationServer },
      { path: '/data/as-windows.mjs', text: asWindows },
      { path: powerShellStandIn.path, text: powerShellStandIn.text(said, canary), mode: 0o755 },
    ],
    network: 'loopback',
    beside: [{ argv: ['node', '/data/authorization-server.mjs'], readyPort: port }],
    readsBack: [said, canary],
    bounds: { wallSeconds: 25 },
    opens: 'none',
  })
  if ('state' in started) return inconclusive(started.reason)
  // The stand-in ends it; one that opens nothing is ended by its time.
  const { readBack, stderr, ended } = await started.process.ended
  const line = readBack[said]
  if (line?.state !== 'present') {
    return inconclusive(`it opened no address (${ended}): ${stderr.split('\n').slice(-3).join(' ').slice(0, 300)}`)
  }
  const transcript = [
    {
      sent: 'authorization_endpoint http://$(upkeep-canary)@127.0.0.1/authorize',
      received: `PowerShell: ${line.text}`,
    },
  ]
  if (readBack[canary]?.state === 'present')
    return {
      outcome: 'broken',
      detail:
        'on Windows the command in authorization_endpoint is run by PowerShell (a stand-in for it, which follows its rule for $( ) in double quotes)',
      transcript,
    }
  return { outcome: 'held', detail: 'the address was opened, and the command in it was only text', transcript }
}
