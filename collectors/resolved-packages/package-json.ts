import type { Absent, FilesPort, Refusal } from '@upkeep/contract/ports'
import { z } from 'zod'

/** What is taken from a package's own package.json: the only witness of its version (a server's own word is not). */
export interface PackageJson {
  state: 'read'
  name: string | null
  version: string | null
  engines: string | null
  /** Names of what it needs at run time. */
  dependencies: readonly string[]
  problems: readonly string[]
}

const maxBytes = 1 << 20
const maxDependencies = 5_000
const Names = z.record(z.string(), z.unknown()).optional().catch(undefined)
const Manifest = z.object({
  name: z.unknown().optional(),
  version: z.unknown().optional(),
  engines: z.object({ node: z.unknown().optional() }).optional().catch(undefined),
  dependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names,
})

/** Reads a folder's package.json. What is malformed in it is a problem said without quoting it. */
export function readPackageJson(files: FilesPort, folder: string): PackageJson | Absent | Refusal {
  const read = files.read(`${folder}/package.json`, maxBytes)
  if (read.state !== 'present') return read
  const manifest = Manifest.safeParse(parsed(read.bytes))
  if (!manifest.success) return { ...nothing, problems: ['package.json is not a JSON object'] }
  const { engines, dependencies, optionalDependencies, peerDependencies } = manifest.data
  const problems: string[] = []
  const needed = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).filter(isPackageName)
  if (needed.length > maxDependencies) problems.push(`package.json names more than ${maxDependencies} dependencies`)
  return {
    state: 'read',
    name: checked(manifest.data.name, 214, 'name', problems),
    version: checked(manifest.data.version, 256, 'version', problems),
    engines: checked(engines?.node, 256, 'engines.node', problems),
    dependencies: needed.sort().slice(0, maxDependencies),
    problems,
  }
}

const nothing: PackageJson = {
  state: 'read',
  name: null,
  version: null,
  engines: null,
  dependencies: [],
  problems: [],
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}

function checked(value: unknown, most: number, what: string, problems: string[]): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') problems.push(`${what} in package.json is not a text`)
  else if (value.length > most) problems.push(`${what} in package.json is longer than ${most} characters`)
  else if (!isPrintable(value)) problems.push(`${what} in package.json holds control characters`)
  else return value
  return null
}

/** A text without control, bidirectional or broken characters. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(text)
}

/** A name that can stand for a folder below node_modules, and for nothing outside it. */
export function isPackageName(name: string): boolean {
  return name.length <= 214 && /^(?:@[^/\\\s@.][^/\\\s]*\/)?[^/\\\s@.][^/\\\s]*$/.test(name) && isPrintable(name)
}
