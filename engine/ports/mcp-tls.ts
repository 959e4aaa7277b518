import { isIP } from 'node:net'
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { Facts } from '@upkeep/contract'
import { errorCode, isCertificateProblem } from './network-refusal.ts'

export type TlsFacts = NonNullable<Facts<'endpoint'>['tls']>

/**
 * The TLS facts of an https address, over a connection of its own on which nothing is sent. A certificate that does not hold is a fact
 * here, not an end. Null when no TLS came about.
 */
export function readTls(url: URL, timeoutMs: number): Promise<TlsFacts | null> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: url.port === '' ? 443 : Number(url.port),
      servername: isIP(host) === 0 ? host : '',
      // Looking only: what does not verify is written down, and no request follows.
      rejectUnauthorized: false,
    })
    const done = (facts: TlsFacts | null) => {
      clearTimeout(timer)
      resolve(facts)
      socket.destroy()
    }
    const timer = setTimeout(() => done(null), timeoutMs)
    socket.on('error', () => done(null))
    socket.on('close', () => done(null))
    socket.on('secureConnect', () => done(factsOf(socket)))
  })
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
