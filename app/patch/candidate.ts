import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** A package of a tree as npm's lock file pins it. */
const Locked = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
})
const Lock = z.object({ packages: z.record(z.string(), Locked) })
const maxLockBytes = 32 << 20

/** A version that was fetched and laid out in a folder of ours, with everything that it needs, scripts off. Nothing of it was run. */
export interface Candidate {
  readonly name: string
  readonly version: string
  /** The folder that holds its `node_modules`. */
  readonly tree: string
  /** SHA-512 of its archive, as its lock file pins it. */
  readonly integrity: string
  /** Packages by name and version, with the digest of each archive; null where npm recorded none. */
  readonly packages: readonly { name: string; version: string; integrity: string | null }[]
  /** Packages whose installation runs scripts of their own, which were not run. */
  readonly scripts: readonly string[]
}

/** Where a version is laid out: a name of words and numbers, as an npm cache has. */
export function candidateFolder(stateDir: string, name: string, version: string): string {
  const key = createHash('sha256').update(`npm ${name}@${version}`).digest('hex').slice(0, 16)
  return join(stateDir, 'candidates', key)
}

/** The candidate in a folder; null where none is, or its lock file does not say what it is. */
export function candidateIn(tree: string, name: string, version: string): Candidate | null {
  const packages = lockedIn(tree)
  const own = packages?.[`node_modules/${name}`]
  if (packages == null || own?.version !== version || own.integrity === undefined) return null
  const all = Object.entries(packages).filter(([path]) => path !== '')
  return {
    name,
    version,
    tree,
    integrity: own.integrity,
    packages: all.map(([path, one]) => ({
      name: nameAt(path),
      version: one.version ?? '',
      integrity: one.integrity ?? null,
    })),
    scripts: all.flatMap(([path, one]) => (one.hasInstallScript === true ? [nameAt(path)] : [])),
  }
}

function lockedIn(tree: string): z.infer<typeof Lock>['packages'] | null {
  const path = join(tree, 'package-lock.json')
  if (!existsSync(path)) return null
  try {
    const bytes = readFileSync(path)
    return bytes.length > maxLockBytes ? null : Lock.parse(JSON.parse(bytes.toString('utf8'))).packages
  } catch {
    return null
  }
}

function nameAt(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}
