import { PackageURL } from 'packageurl-js'
import type { Ecosystem } from './versions/version-order.ts'

/** A package as a key: two spellings of one package have one key. PyPI takes case and runs of `-`, `_` and `.` for the same. */
export function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem}:${ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name}`
}

/** A package's URL, as inventories and scanners exchange it; null when the name cannot be one. */
export function packageUrl(ecosystem: Ecosystem, name: string, version: string | null): string | null {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1
  const namespace = slash === -1 ? undefined : name.slice(0, slash)
  const type = ecosystem === 'npm' ? 'npm' : 'pypi'
  try {
    return new PackageURL(type, namespace, name.slice(slash + 1), version ?? undefined).toString()
  } catch {
    return null
  }
}
