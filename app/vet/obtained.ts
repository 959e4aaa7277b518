import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { download } from '@upkeep/engine/ports/intel-download'
import { unpackBounds } from './unpack.ts'

/** An archive to be judged: its bytes, where they are from, and whether they are the registry's. */
export interface Obtained {
  bytes: Buffer
  from: string
  integrity: 'verified' | 'not stated' | 'not asked'
  /** What it has to be when it says what it is; null where a file was named. */
  expected: Expected | null
  /** What the registry says of it besides. */
  notes: string[]
}

export interface Expected {
  ecosystem: 'npm' | 'PyPI'
  name: string
  version: string
}

/** How long is waited: for the answer about a package, for the next byte of its archive, and for all of it. */
export interface Waits {
  pageMs: number
  idleMs: number
  totalMs: number
}

/**
 * Where an archive lies, as the answer about it says: often on another host, never on one without TLS when the answer came by TLS.
 *
 * @throws UserError when that is no address, or such a one.
 */
export function addressOf(text: string, page: URL): URL {
  const url = URL.canParse(text, page) ? new URL(text, page) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw notObtained('no address is named for it')
  if (page.protocol === 'https:' && url.protocol !== 'https:')
    throw notObtained('it is said to lie at an address without TLS')
  url.hash = ''
  return url
}

/** The bytes that lie at an address, kept nowhere. */
export async function fetchArchive(
  address: string,
  { signal, waits, headers = {} }: { signal: AbortSignal; waits: Waits; headers?: Readonly<Record<string, string>> },
): Promise<Buffer> {
  const { idleMs, totalMs } = waits
  const bounds = { idleMs, totalMs, maxBytes: unpackBounds.packedBytes }
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-vet-'))
  try {
    const file = join(folder, 'package')
    const fetched = await download(address, file, signal, bounds, headers)
    if (fetched.state !== 'fetched')
      throw notObtained(fetched.state === 'unavailable' ? fetched.reason : 'nothing was sent')
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What was asked for cannot be carried out as it was asked. */
export function badInput(message: string, action: string): UserError {
  return new UserError('bad-input', message, action)
}

/** A package that could not be had, and why. */
export function notObtained(reason: string): UserError {
  const action = 'Name a file instead, or try later.'
  return new UserError('not-found', `The package could not be had: ${reason}.`, action)
}
