import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { download } from '@upkeep/engine/ports/intel-download'
import { z } from 'zod'
import { unpackBounds } from './unpack.ts'

/** An archive to be judged: its bytes, where they are from, and whether they are the registry's. */
export interface Obtained {
  bytes: Buffer
  from: string
  integrity: 'verified' | 'not stated' | 'not asked'
}

const Version = z.object({
  dist: z.object({ tarball: z.url({ protocol: /^https?$/ }), integrity: z.string().max(1_000).optional() }),
})

/** Reads the archive that a path or `npm:name@version` names. Only with `online` is a registry asked. */
export async function obtain(
  what: string,
  asked: { cwd: string; online: boolean; registryUrl: string; signal: AbortSignal },
): Promise<Obtained> {
  if (!/^(?:npm|pypi):/.test(what)) return fromFile(resolve(asked.cwd, what))
  const named = /^npm:((?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*)@(\d[0-9A-Za-z.+-]{0,127})$/.exec(
    what,
  )
  if (what.startsWith('pypi:'))
    throw badInput(
      'PyPI is not asked.',
      'Download the wheel, and name the file: upkeep vet ./name-1.0.0-py3-none-any.whl',
    )
  if (named === null)
    throw badInput('That names no package in one version.', 'Give an exact version, such as npm:@scope/name@1.2.3.')
  if (!asked.online)
    throw badInput('A registry is asked only with --online.', `Run "upkeep vet ${what} --online", or name a file.`)
  return fromNpm(named[1] ?? '', named[2] ?? '', asked)
}

function fromFile(path: string): Obtained {
  try {
    const facts = statSync(path)
    if (!facts.isFile()) throw badInput('That is not a file.', 'Name a .tgz, a wheel or an .mcpb bundle.')
    if (facts.size > unpackBounds.packedBytes)
      throw badInput('That file is too large to be a package.', 'Name another.')
    return { bytes: readUpTo(path, facts.size), from: path, integrity: 'not asked' }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw badInput('That file cannot be read.', 'Name a .tgz, a wheel or an .mcpb bundle, or npm:name@version.')
  }
}

function readUpTo(path: string, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, size, 0))
  } finally {
    closeSync(file)
  }
}

async function fromNpm(
  name: string,
  version: string,
  { registryUrl, signal }: { registryUrl: string; signal: AbortSignal },
): Promise<Obtained> {
  const url = `${registryUrl.replace(/\/$/, '')}/${name.replace('/', '%2f')}/${version}`
  const answer = await createHttpPort().exchange({ url, method: 'GET', timeoutMs: 30_000, maxBytes: 8 << 20 })
  if (answer.state !== 'answered') throw notObtained(answer.reason)
  if (answer.status !== 200 || answer.truncated) throw notObtained(`the registry answered ${answer.status}`)
  const stated = versionIn(answer.body)
  if (stated === null) throw notObtained('the registry names no tarball')
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-vet-'))
  try {
    const file = join(folder, 'package.tgz')
    const bounds = { idleMs: 30_000, totalMs: 300_000, maxBytes: unpackBounds.packedBytes }
    const fetched = await download(stated.tarball, file, signal, bounds)
    if (fetched.state !== 'fetched') throw notObtained(fetched.reason)
    const bytes = readFileSync(file)
    return { bytes, from: `${name} ${version} of the registry`, integrity: integrityOf(bytes, stated.integrity) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function versionIn(body: string): { tarball: string; integrity?: string | undefined } | null {
  try {
    return Version.parse(JSON.parse(body)).dist
  } catch {
    return null
  }
}

/** @throws UserError when the bytes are not those that the registry states. */
function integrityOf(bytes: Buffer, stated: string | undefined): Obtained['integrity'] {
  const sha512 = /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)/.exec(stated ?? '')?.[1]
  if (sha512 === undefined) return 'not stated'
  if (createHash('sha512').update(bytes).digest('base64') === sha512) return 'verified'
  throw notObtained('its bytes are not those that the registry states')
}

function badInput(message: string, action: string): UserError {
  return new UserError('bad-input', message, action)
}

function notObtained(reason: string): UserError {
  return new UserError(
    'not-found',
    `The package could not be had: ${reason}.`,
    'Name a tarball file instead, or try later.',
  )
}
