import { isIP } from 'node:net'
import { type ConnectionOptions, connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { Refusal, TlsFacts, TlsPort } from '@upkeep/contract'
import { errorCode, isCertificateProblem, refusalFromNetworkError, refuse } from './network-refusal.ts'

export type { TlsFacts } from '@upkeep/contract'

/** The engine's TLS hands: they agree on a connection, look at it, and send nothing over it. */
export function createTlsPort(): TlsPort {
  return {
    async handshake({ url, offer, timeoutMs }) {
      const parsed = URL.canParse(url) ? new URL(url) : null
      if (parsed?.protocol !== 'https:') return refuse('not-supported', 'the address is not an https URL')
      const found = await shake(parsed, timeoutMs, offer === 'old' ? oldOnly : {})
      return 'state' in found ? found : { state: 'agreed', facts: found }
    },
  }
}

/** The TLS facts of an https address. Null when no TLS came about. */
export async function readTls(url: URL, timeoutMs: number): Promise<TlsFacts | null> {
  const found = await shake(url, timeoutMs, {})
  return 'state' in found ? null : found
}

/** The library takes old versions only with its own floor taken away. */
const oldOnly = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const

/** A connection of its own. A certificate that does not hold is a fact here, not an end. */
function shake(url: URL, timeoutMs: number, offer: ConnectionOptions): Promise<TlsFacts | Refusal> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: url.port === '' ? 443 : Number(url.port),
      servername: isIP(host) === 0 ? host : '',
      // Looking only: what does not verify is written down, and no request follows.
      rejectUnauthorized: false,
      ...offer,
    })
    const done = (facts: TlsFacts | Refusal) => {
      clearTimeout(timer)
      resolve(facts)
      socket.destroy()
    }
    const timer = setTimeout(() => done(refuse('timed-out', `TLS was not agreed on within ${timeoutMs} ms`)), timeoutMs)
    socket.on('error', (error) => done(failed(error)))
    socket.on('close', () => done(refuse('unreachable', 'the connection was closed before TLS was agreed on')))
    socket.on('secureConnect', () => done(factsOf(socket)))
  })
}

/** This machine's library may be built without the old versions: then nothing is known of the other side. */
function failed(error: unknown): Refusal {
  if (errorCode(error).includes('NO_PROTOCOLS_AVAILABLE'))
    return refuse('not-supported', 'this machine cannot offer such an old version of TLS')
  return refusalFromNetworkError(error)
}

function factsOf(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerCertificate()
  return {
    protocol: socket.getProtocol(),
    authorized: socket.authorized,
    problem: socket.authorized ? null : problemOf(socket.authorizationError),
    issuer: issuerOf(certificate),
    validFrom: instantOf(certificate.valid_from),
    validTo: instantOf(certificate.valid_to),
    fingerprint256: certificate.fingerprint256 ?? null,
  }
}

/** Node types it as an Error and sets a code; either way only the code is kept. */
function problemOf(problem: unknown): string {
  const code = typeof problem === 'string' ? problem : errorCode(problem)
  return isCertificateProblem(code) ? code.slice(0, 100) : 'not verified'
}

function issuerOf(certificate: PeerCertificate): string | null {
  const issuer = certificate.issuer?.CN ?? certificate.issuer?.O
  const name = Array.isArray(issuer) ? issuer.join(', ') : issuer
  return name === undefined ? null : name.slice(0, 200).toWellFormed()
}

function instantOf(text: string | undefined): string | null {
  const milliseconds = Date.parse(text ?? '')
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds).toISOString()
}
