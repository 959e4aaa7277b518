import type { ComponentEcosystem } from '@upkeep/contract/observations/resolved-package'
import { PackageURL } from 'packageurl-js'
import { packageUrl } from './purl.ts'

/**
 * A component's URL, as inventories exchange it. Null where it cannot have one: the name is not a package's, or the URL would need to name
 * a distribution (apk, deb) that is not known.
 */
export function componentUrl(ecosystem: ComponentEcosystem, name: string, version: string | null): string | null {
  if (ecosystem === 'npm' || ecosystem === 'PyPI') return packageUrl(ecosystem, name, version)
  return ecosystem === 'Go' ? goUrl(name, version) : null
}

/** A module path is the namespace and the name in one, parted at the last slash. */
function goUrl(path: string, version: string | null): string | null {
  const slash = path.lastIndexOf('/')
  const namespace = slash === -1 ? undefined : path.slice(0, slash)
  try {
    return new PackageURL('golang', namespace, path.slice(slash + 1), version ?? undefined).toString()
  } catch {
    return null
  }
}
