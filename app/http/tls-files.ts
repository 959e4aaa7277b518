import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { UserError } from '@upkeep/contract'

/** A certificate and its key, and the names that it is for. */
export interface TlsPair {
  readonly cert: string
  readonly key: string
  /** Names and addresses without wildcards. */
  readonly names: readonly string[]
  /** When it ends, milliseconds since 1970. */
  readonly until: number
}

/**
 * Reads a certificate with its chain, and its key.
 *
 * @throws UserError `bad-input` where they cannot be read or do not fit, `not-allowed` where others can read the key.
 */
export function readTls(files: { certificate: string; key: string }): TlsPair {
  const [cert, key] = [textOf(files.certificate, 'certificate'), textOf(files.key, 'key')]
  if (process.platform !== 'win32' && (statSync(files.key).mode & 0o007) !== 0)
    throw new UserError(
      'not-allowed',
      `The key ${files.key} can be read or written by everybody on this machine.`,
      'Take that away (chmod o-rwx), and replace the key if others may have read it.',
    )
  const first = leafOf(cert, files.certificate)
  if (!fits(cert, key))
    throw new UserError(
      'bad-input',
      `The key ${files.key} does not belong to the certificate ${files.certificate}, or takes a passphrase.`,
      'Name the key that the certificate was made for, as PEM without a passphrase.',
    )
  return { cert, key, names: namesIn(first.subjectAltName ?? ''), until: Date.parse(first.validTo) }
}

function textOf(path: string, what: 'certificate' | 'key'): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new UserError(
      'bad-input',
      `The ${what} ${path} cannot be read (${code}).`,
      `Name a file that is there and that upkeep may read.`,
    )
  }
}

function leafOf(pem: string, path: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new UserError(
      'bad-input',
      `${path} holds no certificate.`,
      'Name a file in PEM, the certificate first and its chain after it.',
    )
  }
}

function fits(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key })
    return true
  } catch {
    return false
  }
}

/** Node writes it as `DNS:a.example, IP Address:192.0.2.1`; what it had to quote is no name of a host. */
function namesIn(subjectAltName: string): string[] {
  return subjectAltName.split(', ').flatMap((one) => {
    const name = /^(?:DNS|IP Address):([a-z0-9.:-]{1,253})$/i.exec(one)?.[1]
    return name === undefined ? [] : [name.toLowerCase()]
  })
}
