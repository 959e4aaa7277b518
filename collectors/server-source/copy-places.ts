import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { FilesPort } from '@upkeep/contract/ports'
import { packageKey } from '@upkeep/domain/purl'
import { recordedTops } from '@upkeep/domain/python-names'

/** Where the own files of one installed copy lie. */
export interface CopyPlace {
  root: string
  package: string
  version: string | null
  /** Over the package's own bytes; null when they could not all be read. */
  digest: string | null
  folder: string
  starts: readonly string[]
}

const mostCopies = 5
const recordBytes = 16 << 20

/** The copies that could start: the one that would, or each of them where that is not known. Programs without source have no place. */
export function copyPlaces(files: FilesPort, resolved: ResolvedPackage): CopyPlace[] {
  const chosen = resolved.wouldRun === null ? undefined : resolved.installed[resolved.wouldRun]
  const copies = chosen === undefined ? resolved.installed.slice(0, mostCopies) : [chosen]
  return copies.flatMap((copy) => placeOf(files, copy, resolved) ?? [])
}

function placeOf(files: FilesPort, copy: Installation, resolved: ResolvedPackage): CopyPlace | null {
  if (copy.where === 'binary') return null
  const head = { root: copy.root, package: resolved.name, version: copy.version }
  if (copy.components.length === 0) {
    // A script that no package owns: its own file.
    const starts = [`${copy.root}/${resolved.name}`]
    return copy.where === 'script' ? { ...head, digest: copy.digest, folder: copy.root, starts } : null
  }
  const key = packageKey(resolved.ecosystem, resolved.name)
  const own = copy.components.find((component) => packageKey(component.ecosystem, component.name) === key)
  if (own === undefined) return null
  const folder = own.path.startsWith('/')
    ? own.path
    : own.path === '' || own.path === '.'
      ? copy.root
      : `${copy.root}/${own.path}`
  if (own.ecosystem === 'npm') return { ...head, digest: own.digest, folder, starts: [folder] }
  const site = folder.slice(0, folder.lastIndexOf('/'))
  return { ...head, digest: own.digest, folder: site, starts: pythonTops(files, folder, site) }
}

/** What of `site-packages` belongs to a Python package, by its RECORD. */
function pythonTops(files: FilesPort, info: string, site: string): string[] {
  const record = files.read(`${info}/RECORD`, recordBytes)
  if (record.state !== 'present') return []
  const tops = recordedTops(new TextDecoder().decode(record.bytes))
  return tops
    .filter((top) => !top.endsWith('.dist-info'))
    .slice(0, 1_000)
    .map((top) => `${site}/${top}`)
}
