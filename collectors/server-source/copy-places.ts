import type { Installation, ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { FilesPort } from '@upkeep/contract/ports'
import { packageKey } from '@upkeep/domain/purl'
import { recordedTops } from '@upkeep/domain/python-names'
import { scriptFiles } from './script-files.ts'

/** Where the own files of one installed copy lie. No `starts`: it has source, and it was not found. */
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
  if (copy.script !== undefined) return { ...head, ...placeOfScript(files, copy.script, copy.digest) }
  const key = packageKey(resolved.ecosystem, resolved.name)
  const own = copy.components.find((component) => packageKey(component.ecosystem, component.name) === key)
  if (own === undefined) return { ...head, digest: null, folder: copy.root, starts: [] }
  const folder = own.path.startsWith('/')
    ? own.path
    : own.path === '' || own.path === '.'
      ? copy.root
      : `${copy.root}/${own.path}`
  if (own.ecosystem === 'npm') return { ...head, digest: own.digest, folder, starts: [folder] }
  const site = folder.slice(0, folder.lastIndexOf('/'))
  return { ...head, digest: own.digest, folder: site, starts: pythonTops(files, folder, site) }
}

/** A script's own file, and what it loads from beside it: the digest of the copy decides the one, not the other. */
function placeOfScript(
  files: FilesPort,
  script: string,
  digest: string | null,
): Pick<CopyPlace, 'digest' | 'folder' | 'starts'> {
  const starts = scriptFiles(files, script)
  return { digest: starts.length === 1 ? digest : null, folder: script.slice(0, script.lastIndexOf('/')), starts }
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
