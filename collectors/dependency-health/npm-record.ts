import type { FilesPort } from '@upkeep/contract/ports'
import { z } from 'zod'

/** What npm wrote down of one place in a tree when it installed it. */
export interface Recorded {
  version: string | null
  integrity: string | null
  from: string | null
}
export type NpmRecord =
  | { state: 'read'; packages: ReadonlyMap<string, Recorded> }
  | { state: 'absent' }
  | { state: 'unreadable'; reason: string }

const maxBytes = 64 << 20
const Lockfile = z.object({ packages: z.record(z.string(), z.record(z.string(), z.unknown())) })
const Integrity = z
  .string()
  .regex(/^[a-z0-9]{3,10}-[A-Za-z0-9+/=]{1,200}(?: [a-z0-9]{3,10}-[A-Za-z0-9+/=]{1,200}){0,5}$/)
const Version = z.string().max(256)

/** Reads npm's list of the tree that it put below a folder, by the paths that it gives. */
export function readNpmRecord(files: Pick<FilesPort, 'read'>, root: string): NpmRecord {
  const read = files.read(`${root}/node_modules/.package-lock.json`, maxBytes)
  if (read.state === 'absent') return read
  if (read.state === 'unavailable') return { state: 'unreadable', reason: read.reason }
  const lockfile = Lockfile.safeParse(parsed(read.bytes))
  if (!lockfile.success) return { state: 'unreadable', reason: 'it is not a list of packages' }
  const packages = Object.entries(lockfile.data.packages)
  return { state: 'read', packages: new Map(packages.map(([path, facts]) => [path, recorded(facts)])) }
}

function recorded(facts: Record<string, unknown>): Recorded {
  return {
    version: Version.safeParse(facts.version).data ?? null,
    integrity: Integrity.safeParse(facts.integrity).data ?? null,
    from: facts.link === true ? 'link' : originOf(facts.resolved),
  }
}

/** The host alone: an address may carry a login or a token. */
function originOf(resolved: unknown): string | null {
  if (typeof resolved !== 'string' || !URL.canParse(resolved)) return null
  const { protocol, host } = new URL(resolved)
  if (protocol.startsWith('git')) return 'git'
  if (protocol === 'file:') return 'file'
  return protocol === 'https:' || protocol === 'http:' ? host.slice(0, 253) : null
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
