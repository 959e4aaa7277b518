import { TrustedRoot } from '@sigstore/protobuf-specs'
import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' }
import type { FilesPort } from '@upkeep/contract'
import { z } from 'zod'
import { type RegistryKey, readRegistryKeys } from './registry-keys.ts'

/** A trust root with where it is from, for a sentence. */
export interface Trusted<T> {
  value: T
  from: string
}

const Seed = z.object({ 'root.json': z.string(), targets: z.record(z.string(), z.string()) })
const Signed = z.object({ signed: z.object({ expires: z.string() }) })
const maxFileBytes = 1 << 20

/** The authorities of Sigstore: the owner's file where there is one, else those that arrive with the product. A text says what is wrong. */
export function trustedRoot(path: string | undefined, files: FilesPort): Trusted<TrustedRoot> | string {
  const value = path === undefined ? arrived('trusted_root.json') : readJson(path, files)
  if (typeof value === 'string') return value
  try {
    const root = TrustedRoot.fromJSON(value)
    if (root.certificateAuthorities.length === 0 || root.tlogs.length === 0) return 'the trust root names no authority'
    return { value: root, from: path === undefined ? arrivedUntil() : 'your own file' }
  } catch {
    return 'the trust root cannot be read'
  }
}

/** npm's own keys, as Sigstore's update framework handed them out when this product was made. */
export function arrivedKeys(): RegistryKey[] {
  return readRegistryKeys(arrived('registry.npmjs.org%2Fkeys.json')) ?? []
}

/** The keys in the owner's file. */
export function importedKeys(path: string, files: FilesPort): RegistryKey[] | string {
  const value = readJson(path, files)
  if (typeof value === 'string') return value
  return readRegistryKeys(value) ?? 'the file of registry keys holds no list of keys'
}

function seed(): z.infer<typeof Seed> | null {
  return z.record(z.string(), Seed).safeParse(seeds).data?.['https://tuf-repo-cdn.sigstore.dev'] ?? null
}

function arrived(target: string): unknown {
  return decoded(seed()?.targets[target])
}

/** Until when whoever hands it out vouches for it: the only age it states. */
function arrivedUntil(): string {
  const expires = Signed.safeParse(decoded(seed()?.['root.json'])).data?.signed.expires
  return `Sigstore, as it arrived with upkeep; vouched for until ${expires?.slice(0, 10) ?? 'a day that is not stated'}`
}

function decoded(base64: string | undefined): unknown {
  return base64 === undefined ? null : JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
}

function readJson(path: string, files: FilesPort): unknown {
  const read = files.read(path, maxFileBytes)
  if (read.state === 'absent') return 'the file of the trust root is not there'
  if (read.state !== 'present') return `the file of the trust root: ${read.reason}`
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read.bytes))
    return typeof value === 'string' ? 'the trust root cannot be read' : value
  } catch {
    return 'the file of the trust root is not JSON'
  }
}
