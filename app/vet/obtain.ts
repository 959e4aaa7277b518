import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { registryFor } from '@upkeep/domain/npm-registries'
import { shellWord } from '@upkeep/domain/shell-word'
import { npmRegistries } from '../npm-registries.ts'
import { fromIndex } from './from-index.ts'
import { fromNpm } from './from-npm.ts'
import { badInput, type Obtained, type Waits } from './obtained.ts'
import { readName } from './package-name.ts'
import { pythonIndex } from './python-index.ts'
import { unpackBounds } from './unpack.ts'

export interface ObtainCall {
  cwd: string
  home: string
  env: Readonly<Record<string, string | undefined>>
  online: boolean
  /** The Python index to ask, where it is not the one that this machine's tools would. */
  index: string | undefined
  signal: AbortSignal
  waits?: Waits
}

const usualWaits: Waits = { pageMs: 30_000, idleMs: 30_000, totalMs: 300_000 }

const files = 'Name a .tgz, a wheel, a source archive or an .mcpb bundle'

/** Reads the archive that a path, `npm:name@version` or `pypi:name==version` names. Only with `online` is a registry asked. */
export async function obtain(what: string, call: ObtainCall): Promise<Obtained> {
  if (!/^(?:npm|pypi):/.test(what)) return fromFile(resolve(call.cwd, what))
  const named = readName(what)
  if (named === null)
    throw badInput(
      'That names no package in one version.',
      'Give an exact version, such as npm:@scope/name@1.2.3 or pypi:name==1.2.3.',
    )
  if (!call.online)
    throw badInput(
      'A registry is asked only with --online.',
      `Run "upkeep vet ${shellWord(what)} --online", or name a file.`,
    )
  const { env, home, signal, waits = usualWaits } = call
  if (named.ecosystem === 'npm') {
    const registryUrl = registryFor(npmRegistries({ env, home }), named.name)
    return fromNpm(named.name, named.version, { registryUrl, signal, waits })
  }
  const index = pythonIndex({ named: call.index, env, home })
  return fromIndex(named.name, named.version, { index, signal, waits })
}

function fromFile(path: string): Obtained {
  try {
    const facts = statSync(path)
    if (!facts.isFile()) throw badInput('That is not a file.', `${files}.`)
    if (facts.size > unpackBounds.packedBytes)
      throw badInput('That file is too large to be a package.', 'Name another.')
    return { bytes: readUpTo(path, facts.size), from: path, integrity: 'not asked', expected: null, notes: [] }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw badInput('That file cannot be read.', `${files}, or npm:name@version or pypi:name==version.`)
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
