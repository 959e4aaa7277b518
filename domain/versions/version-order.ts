import { compare as comparePep440, parse as parsePep440, valid as validPep440 } from '@renovatebot/pep440'
import parseSemver from 'semver/functions/parse.js'
import { compareApk, readApk } from './apk-order.ts'
import { compareDeb, readDeb } from './deb-order.ts'
import { type Distribution, knownDistribution, packagedAs } from './distribution.ts'

/** A registry, or a release of a Linux distribution, whose order of versions is known here. */
export type Ecosystem = 'npm' | 'PyPI' | 'Go' | Distribution

/** A lineage is one line of versions of a package, within which later means newer. Across lineages nothing follows from the numbers. */
export type Lineage = 'numbered' | 'dated'

/** A version that its ecosystem's rules can place. */
export interface PlacedVersion {
  ecosystem: Ecosystem
  text: string
  lineage: Lineage
  prerelease: boolean
}

const longest = 256
const partial = /^[v=]?\d{1,16}(\.\d{1,16})?$/

/** The ecosystem by the name that OSV gives it. A suffix names a release of a distribution; any other, such as `:https://…`, is not one we know. */
export function knownEcosystem(name: string): Ecosystem | null {
  return name === 'npm' || name === 'PyPI' || name === 'Go' ? name : knownDistribution(name)
}

/** Places a version, or says that its ecosystem's rules cannot: null. */
export function placeVersion(ecosystem: Ecosystem, text: string): PlacedVersion | null {
  if (text.length > longest) return null
  if (ecosystem === 'npm') return placeNpm(text)
  if (ecosystem === 'PyPI') return placePep440(text)
  return ecosystem === 'Go' ? placeGo(text) : placePackaged(ecosystem, text)
}

/** What a distribution has packaged is released there, whatever its makers call it: no version of it is a prerelease. */
function placePackaged(ecosystem: Distribution, text: string): PlacedVersion | null {
  const read = packagedAs(ecosystem) === 'deb' ? readDeb(text) : readApk(text)
  return read === null ? null : { ecosystem, text, lineage: 'numbered', prerelease: false }
}

/** Modules write `v1.2.3`, the standard library `go1.2.3`, advisories `1.2.3`: one version. Every module has one line of versions. */
function placeGo(text: string): PlacedVersion | null {
  const parsed = parseSemver(withAllParts(text.replace(/^(?:go|v)(?=\d)/, '')))
  if (parsed === null) return null
  const prerelease = parsed.prerelease.length > 0
  return { ecosystem: 'Go', text: parsed.format(), lineage: 'numbered', prerelease }
}

function placeNpm(text: string): PlacedVersion | null {
  const parsed = parseSemver(withAllParts(text))
  if (parsed === null) return null
  return {
    ecosystem: 'npm',
    text: parsed.format(),
    lineage: isDate(parsed.major, parsed.minor) ? 'dated' : 'numbered',
    prerelease: parsed.prerelease.length > 0,
  }
}

/** PyPI has epochs for a change of scheme, so its order is one order: every version is of one lineage. */
function placePep440(text: string): PlacedVersion | null {
  const normal = validPep440(text)
  if (normal === null) return null
  const parts = parsePep440(normal)
  return { ecosystem: 'PyPI', text: normal, lineage: 'numbered', prerelease: Boolean(parts?.pre ?? parts?.dev) }
}

/** Records write `1.0` where the registry has `1.0.0`. */
function withAllParts(text: string): string {
  const bare = text.trim()
  if (!partial.test(bare)) return bare
  return bare.includes('.') ? `${bare}.0` : `${bare}.0.0`
}

function isDate(major: number, minor: number): boolean {
  return major >= 2000 && major < 2100 && minor <= 12
}

/** Plain order of two versions of one ecosystem, lineages left aside: negative, zero, positive; null when one cannot be placed. */
export function plainOrder(ecosystem: Ecosystem, left: string, right: string): number | null {
  if (left === right) return 0
  const [a, b] = [placeVersion(ecosystem, left), placeVersion(ecosystem, right)]
  return a === null || b === null ? null : orderPlaced(a, b)
}

/** Order within one lineage; null across lineages, where earlier and later mean nothing. */
export function lineageOrder(left: PlacedVersion, right: PlacedVersion): number | null {
  if (left.ecosystem !== right.ecosystem || left.lineage !== right.lineage) return null
  return orderPlaced(left, right)
}

function orderPlaced(left: PlacedVersion, right: PlacedVersion): number {
  const { ecosystem } = left
  if (ecosystem === 'PyPI') return comparePep440(left.text, right.text)
  if (ecosystem !== 'npm' && ecosystem !== 'Go') return orderPackaged(ecosystem, left.text, right.text)
  const [a, b] = [parseSemver(left.text), parseSemver(right.text)]
  // Both were placed, so both parse.
  return a === null || b === null ? 0 : a.compare(b)
}

function orderPackaged(ecosystem: Distribution, left: string, right: string): number {
  if (packagedAs(ecosystem) === 'deb') {
    const [a, b] = [readDeb(left), readDeb(right)]
    return a === null || b === null ? 0 : compareDeb(a, b)
  }
  const [a, b] = [readApk(left), readApk(right)]
  return a === null || b === null ? 0 : compareApk(a, b)
}
