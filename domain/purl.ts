import { PackageURL } from 'packageurl-js'
import type { Ecosystem } from './versions/version-order.ts'

/** A package as a key: two spellings of one package have one key. PyPI takes case and runs of `-`, `_` and `.` for the same. */
export function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem}:${ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name}`
}

const purlTypes = { npm: 'npm', PyPI: 'pypi', Go: 'golang' } as const

/** A package's URL, as inventories and scanners exchange it; null when the name cannot be one. */
export function packageUrl(ecosystem: Ecosystem, name: string, version: string | null): string | null {
  const scoped = name.startsWith('@') ? name.indexOf('/') : -1
  const slash = ecosystem === 'Go' ? name.lastIndexOf('/') : scoped
  const namespace = slash === -1 ? undefined : name.slice(0, slash)
  const type = purlTypes[ecosystem]
  try {
    return new PackageURL(type, namespace, name.slice(slash + 1), version ?? undefined).toString()
  } catch {
    return null
  }
}
