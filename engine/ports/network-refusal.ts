import type { Refusal, UnavailableCode } from '@upkeep/contract'

/** A refusal with its code and reason. */
export function refuse(code: UnavailableCode, reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}

const plainReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing accepts connections there',
  ECONNRESET: 'the connection was reset before an answer came',
  UND_ERR_SOCKET: 'the connection was closed before an answer came',
  EPIPE: 'the connection was closed before an answer came',
  ENOTFOUND: 'the name does not resolve to an address',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'the machine cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EACCES: 'this system does not allow the connection',
  EPERM: 'this system does not allow the connection',
}

/** What a network error comes to. Only its code is used: messages of Node name addresses and quote bytes. */
export function refusalFromNetworkError(error: unknown): Refusal {
  if (isBlockedPort(error)) return refuse('not-supported', 'web clients do not connect to this port number')
  const code = errorCode(error)
  const reason = plainReasons[code]
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return refuse('timed-out', 'the machine did not take the connection in time')
  }
  if (reason !== undefined) return refuse('unreachable', `${reason} (${code})`)
  if (code === 'HPE_HEADER_OVERFLOW' || code === 'UND_ERR_HEADERS_OVERFLOW')
    return refuse('too-large', 'the header of the answer is larger than 16 KiB')
  if (code.startsWith('HPE_')) return refuse('malformed', `what answers there does not speak HTTP (${code})`)
  if (isCertificateProblem(code)) return refuse('unreachable', `the certificate was not accepted (${code})`)
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return refuse('unreachable', `TLS could not be agreed on (${code})`)
  return refuse('unreachable', code === '' ? 'the connection failed' : `the connection failed (${code})`)
}

/** `fetch` keeps a list of ports that belong to other protocols and says so only in words. */
function isBlockedPort(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port'
}

/** True for the codes with which TLS says that a certificate does not hold. */
export function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|HOSTNAME_MISMATCH|ALTNAME|CRL/.test(code)
}

/** The code of an error, of its cause, or of the first error in it (several addresses tried); empty when there is none. */
export function errorCode(error: unknown, depth = 0): string {
  if (depth > 4 || typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(error.code)) return error.code
  if ('cause' in error && error.cause !== undefined) return errorCode(error.cause, depth + 1)
  if ('errors' in error && Array.isArray(error.errors)) return errorCode(error.errors[0], depth + 1)
  return ''
}
