import { type ControlAttempt, defineProbe, type HttpPort, type TlsFacts, type TlsPort } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import { openingMessage } from '@upkeep/domain/negative-request/messages'
import { beginTrial } from '@upkeep/domain/negative-request/trial'

const timeoutMs = 5_000
type Line = ControlAttempt['transcript'][number]

/** Whether traffic to a server can be read or changed on its way. */
export const tls = defineProbe({
  id: 'tls',
  version: 1,
  title: 'Nobody on the way can read or change the traffic',
  control: 'tls',
  cites: [
    'OAuth 2.1 section 1.5, which MCP authorization requires: TLS is used, and certificates are verified',
    'RFC 8996: TLS 1.0 and 1.1 MUST NOT be used',
    'CWE-319 cleartext transmission of sensitive information; CWE-295 improper certificate validation',
  ],
  reaches: ['tls', 'http'],
  timeoutSeconds: 30,
  async attempt({ url }, ports) {
    if (url.startsWith('http:')) return withoutTls(url)
    const transcript: Line[] = []
    const usual = await ports.tls.handshake({ url, offer: 'usual', timeoutMs })
    transcript.push({ sent: 'TLS, as any client offers it', received: described(usual) })
    if (usual.state === 'unavailable') return { outcome: 'inconclusive', detail: usual.reason, transcript }
    const weak = weakness(usual.facts)
    if (weak !== null) return { outcome: 'broken', detail: weak, transcript }
    const old = await ports.tls.handshake({ url, offer: 'old', timeoutMs })
    transcript.push({ sent: 'TLS 1.0 and 1.1 and nothing newer', received: described(old) })
    if (old.state === 'agreed') {
      return { outcome: 'broken', detail: `${old.facts.protocol ?? 'an old version of TLS'} is agreed on`, transcript }
    }
    const plain = await overPlainHttp(url, ports.http)
    if (plain !== null) return { ...plain, transcript: [...transcript, ...plain.transcript] }
    const asked = old.code === 'not-supported' ? `; ${old.reason}, so old versions were not tried` : ''
    return { outcome: 'held', detail: `${usual.facts.protocol}, and the certificate holds${asked}`, transcript }
  },
})

function withoutTls(url: string): ControlAttempt {
  if (isLoopbackUrl(url)) {
    return { outcome: 'not-applicable', detail: 'plain HTTP, but it does not leave this machine', transcript: [] }
  }
  const detail = 'its address is http: tokens and answers go over the network as plain text'
  return { outcome: 'broken', detail, transcript: [] }
}

function weakness({ authorized, problem, protocol }: TlsFacts): string | null {
  if (!authorized) return `the certificate does not hold (${problem ?? 'not verified'})`
  return protocol === 'TLSv1.2' || protocol === 'TLSv1.3' ? null : `${protocol ?? 'an unknown version'} is agreed on`
}

/** Whether the same address without TLS serves too, or asks for a token there: clients are then a typing error away from it. */
async function overPlainHttp(url: string, http: HttpPort): Promise<ControlAttempt | null> {
  const address = new URL(url)
  if (address.port !== '') return null
  address.protocol = 'http:'
  const trial = beginTrial({ url: address.href, authorization: null }, http)
  const reading = await trial.send(openingMessage('initialize'), {})
  const challenged = reading.kind === 'status' && reading.status === 401
  const serves = reading.kind === 'answered' || challenged
  if (!serves) return null
  const how = challenged ? 'asks for a token over plain HTTP too' : 'is served over plain HTTP too'
  return await trial.finish('broken', `the same address ${how} (${reading.brief})`)
}

function described(found: Awaited<ReturnType<TlsPort['handshake']>>): string {
  if (found.state === 'unavailable') return `no TLS: ${found.reason}`
  const { protocol, authorized, problem, validTo } = found.facts
  const certificate = authorized ? 'certificate holds' : `certificate does not hold: ${problem ?? 'not verified'}`
  return `${protocol ?? 'TLS'}, ${certificate}, until ${validTo ?? 'an unknown day'}`
}
