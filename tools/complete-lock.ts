import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './units.ts'

/**
 * Completes `package-lock.json` after an install from a registry that lacks the builds of some platforms: `npm ci` refuses a lock file that
 * does not name every optional package, even those that this platform never installs. Such entries get a version and the platform that
 * their name says, nothing else. Run it after changing a dependency.
 */
interface LockedPackage {
  version?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
interface Lock {
  packages: Record<string, LockedPackage>
}

const systems = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'openharmony', 'netbsd', 'openbsd', 'sunos', 'aix']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el']

/** The entries that are missing, by their place in the lock file. Throws for a name that does not say its platform. */
export function missingPlatforms(lock: Lock): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {}
  for (const holder of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(holder.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`
      const exact = /^\d+\.\d+\.\d+/.test(version)
      if (exact && lock.packages[place] === undefined)
        missing[place] = { version, ...platformOf(name), ...(holder.dev === true && { dev: true }), optional: true }
    }
  }
  return missing
}

function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} is not in the registry in use, and its name does not say its platform`)
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : []
  return { os: [os], cpu: [cpu], ...(libc.length > 0 && { libc }) }
}

function main(): void {
  const path = join(root, 'package-lock.json')
  const lock: Lock = JSON.parse(readFileSync(path, 'utf8'))
  const missing = missingPlatforms(lock)
  const packages = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`)
  process.stdout.write(`${Object.keys(missing).length} platform packages added to package-lock.json\n`)
}

if (import.meta.main) main()
