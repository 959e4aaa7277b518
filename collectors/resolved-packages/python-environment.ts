import type { Component, Installation } from '@upkeep/contract/observations/resolved-package'
import { digestOf } from '@upkeep/domain/canonical-json'
import { distInfoName, metadataHeaders, pythonName, recordedTops } from '@upkeep/domain/python-names'
import { treeBounds } from './found-package.ts'
import { isPrintable } from './package-json.ts'
import { namesIn, relativeTo, type Search, shown } from './search.ts'

const maxNames = 20_000
const headBytes = 1 << 20
const recordBytes = 16 << 20
const bounds = { except: [], maxFiles: treeBounds.filesPerPackage, maxBytes: treeBounds.bytesPerPackage }

/** The site-packages folders of a virtual environment; the folder itself for an unpacked wheel. */
export function sitePackages(search: Search, root: string): string[] {
  const lib = namesIn(search, `${root}/lib`, 50).filter((name) => name.startsWith('python'))
  const posix = lib.map((name) => `${root}/lib/${name}/site-packages`)
  return [...posix, `${root}/Lib/site-packages`, root].filter((folder) => distInfos(search, folder).length > 0)
}

function distInfos(search: Search, folder: string): string[] {
  return namesIn(search, folder, maxNames).filter((name) => distInfoName(name) !== null)
}

/** A Python environment that holds the package, with everything else in it. Null when it does not hold it. */
export function pythonInstallation(
  search: Search,
  root: string,
  name: string,
  where: 'uv-tool' | 'uv-cache' | 'pipx',
): Installation | null {
  const [site] = sitePackages(search, root)
  if (site === undefined || !distInfos(search, site).some((info) => distInfoName(info)?.name === name)) return null
  const environment = pythonEnvironment(search, root)
  if (environment === null) return null
  const main = environment.components.find((found) => pythonName(found.name) === name)
  const none = { cacheKey: null, requested: null, engines: null }
  return { where, root, version: main?.version ?? null, ...none, ...environment }
}

/** Everything that a Python environment holds, by its packages' own METADATA. Null when it holds none. */
export function pythonEnvironment(
  search: Search,
  root: string,
): Pick<Installation, 'digest' | 'components' | 'problems'> | null {
  const problems: string[] = []
  const [site] = sitePackages(search, root)
  if (site === undefined) return null
  const infos = distInfos(search, site)
  const components = infos.map((info) => component(search, { root, site, info, problems }))
  const whole = search.files.digestTree(root, { ...bounds, maxFiles: treeBounds.files, maxBytes: treeBounds.bytes })
  if (whole.state === 'unavailable') problems.push(`the environment: ${whole.reason}`)
  if (whole.state === 'present') problems.push(...whole.problems.map((why) => shown(why)))
  const digest = whole.state === 'present' && problems.length === 0 ? whole.digest : null
  return { digest, components, problems: problems.slice(0, 100) }
}

interface Place {
  root: string
  site: string
  info: string
  problems: string[]
}

function component(search: Search, place: Place): Component {
  const folder = `${place.site}/${place.info}`
  const named = distInfoName(place.info)
  const headers = metadataHeaders(textOf(search, `${folder}/METADATA`, headBytes, place) ?? '')
  const name = checked(headers.get('name'), 214)
  const version = checked(headers.get('version'), 256)
  if (name === null || version === null)
    place.problems.push(`${shown(place.info)}: METADATA states no name and version`)
  return {
    ecosystem: 'PyPI',
    name: pythonName(name ?? shown(named?.name ?? place.info)),
    version,
    path: relativeTo(place.root, folder).toWellFormed(),
    digest: ownDigest(search, folder, place),
  }
}

function ownDigest(search: Search, folder: string, place: Place): string | null {
  const record = textOf(search, `${folder}/RECORD`, recordBytes, place)
  if (record === null) return null
  const parts: [string, string][] = []
  for (const top of recordedTops(record).slice(0, 1000)) {
    const part = search.files.digestTree(`${place.site}/${top}`, bounds)
    if (part.state === 'unavailable' || (part.state === 'present' && part.problems.length > 0)) return null
    if (part.state === 'present') parts.push([top.toWellFormed(), part.digest])
  }
  return digestOf(parts)
}

function textOf(search: Search, path: string, maxBytes: number, place: Place): string | null {
  const read = search.files.read(path, maxBytes)
  if (read.state === 'present') return new TextDecoder().decode(read.bytes)
  const why = read.state === 'absent' ? 'is not there' : read.reason
  place.problems.push(`${shown(relativeTo(place.site, path))}: ${why}`)
  return null
}

function checked(text: string | undefined, most: number): string | null {
  return text !== undefined && text !== '' && text.length <= most && isPrintable(text) ? text : null
}
