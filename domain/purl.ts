import { PackageURL } from 'packageurl-js'
import { type Distribution, distroOfUrl, packagedAs } from './versions/distribution.ts'
import type { Ecosystem } from './versions/version-order.ts'

/** A package as a key: two spellings of one package have one key. PyPI takes case and runs of `-`, `_` and `.` for the same. */
export function packageKey(ecosystem: string, name: string): string {
  return `${ecosystem}:${ecosystem === 'PyPI' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name}`
}

const purlTypes = { npm: 'npm', PyPI: 'pypi', Go: 'golang' } as const

/** A package's URL, as inventories and scanners exchange it; null when the name cannot be one. Of a distribution it is the source package. */
export function packageUrl(ecosystem: Ecosystem, name: string, version: string | null): string | null {
  if (ecosystem !== 'npm' && ecosystem !== 'PyPI' && ecosystem !== 'Go')
    return systemUrl(ecosystem, name, version, { arch: 'source' })
  const scoped = name.startsWith('@') ? name.indexOf('/') : -1
  const slash = ecosystem === 'Go' ? name.lastIndexOf('/') : scoped
  const namespace = slash === -1 ? undefined : name.slice(0, slash)
  return urlFrom([purlTypes[ecosystem], namespace, name.slice(slash + 1), version ?? undefined])
}

/** The URL of a package of a distribution: `pkg:deb/debian/libssl3@3.0.11-1~deb12u2?distro=debian-12`. */
export function systemUrl(
  distribution: Distribution,
  name: string,
  version: string | null,
  qualifiers: Readonly<Record<string, string>> = {},
): string | null {
  const { namespace, distro } = distroOfUrl(distribution)
  return urlFrom([packagedAs(distribution), namespace, name, version ?? undefined, { ...qualifiers, distro }])
}

function urlFrom(parts: ConstructorParameters<typeof PackageURL>): string | null {
  try {
    return new PackageURL(...parts).toString()
  } catch {
    return null
  }
}
