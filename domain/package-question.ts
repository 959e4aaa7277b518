import { satisfies as satisfiesPep440, valid, validRange } from '@renovatebot/pep440'
import { PackageURL } from 'packageurl-js'
import parseSemver from 'semver/functions/parse.js'
import satisfiesSemver from 'semver/functions/satisfies.js'
import semverRange from 'semver/ranges/valid.js'
import { packageKey } from './purl.ts'
import { type Ecosystem, plainOrder } from './versions/version-order.ts'

/** A package that is asked about: in which ecosystems, under which name, and in which versions; null for any. */
export interface PackageQuestion {
  ecosystems: readonly string[]
  name: string
  range: string | null
}

const everywhere = ['npm', 'PyPI', 'Go', 'apk', 'deb'] as const
const byPurlType = new Map([
  ['npm', 'npm'],
  ['pypi', 'PyPI'],
  ['golang', 'Go'],
  ['apk', 'apk'],
  ['deb', 'deb'],
])
const longest = 500

/** Reads `pkg:npm/express@4.21.0`, `npm:@scope/name@<2`, `express@^4` or `express`; null when it is none of these. */
export function packageQuestion(text: string): PackageQuestion | null {
  const asked = text.trim()
  if (asked === '' || asked.length > longest) return null
  if (asked.startsWith('pkg:')) return fromPurl(asked)
  const prefix = /^([A-Za-z]{2,6}):(.*)$/s.exec(asked)
  const ecosystem = prefix === null ? null : byPurlType.get((prefix[1] ?? '').toLowerCase())
  if (ecosystem === undefined) return null
  const rest = prefix?.[2] ?? asked
  const cut = rest.indexOf('@', 1)
  const name = cut === -1 ? rest : rest.slice(0, cut)
  const range = cut === -1 ? null : rest.slice(cut + 1).trim()
  if (name === '' || range === '') return null
  return { ecosystems: ecosystem === null ? everywhere : [ecosystem], name, range }
}

function fromPurl(text: string): PackageQuestion | null {
  try {
    const { type, namespace, name, version } = PackageURL.fromString(text)
    const ecosystem = byPurlType.get(type ?? '')
    if (ecosystem === undefined || !name) return null
    const full = namespace && (type === 'npm' || type === 'golang') ? `${namespace}/${name}` : name
    return { ecosystems: [ecosystem], name: full, range: version ?? null }
  } catch {
    return null
  }
}

/** The keys under which the package may be known. */
export function questionKeys({ ecosystems, name }: PackageQuestion): string[] {
  return ecosystems.map((ecosystem) => packageKey(ecosystem, name))
}

/**
 * Whether a version is among those asked for: `unknown` when either cannot be placed, so that nothing is called clear that was not
 * compared. Pre-releases count as what they are before.
 */
export function isAsked(question: PackageQuestion, key: string, version: string | null): 'yes' | 'no' | 'unknown' {
  const { range } = question
  if (range === null || version === range) return 'yes'
  if (version === null) return 'unknown'
  if (key.startsWith('deb:')) return inPackaged('Debian:12', version, range)
  if (key.startsWith('apk:')) return inPackaged('Wolfi', version, range)
  return key.startsWith('PyPI:') ? inPep440(version, range) : inSemver(version, range)
}

function inSemver(version: string, range: string): 'yes' | 'no' | 'unknown' {
  const placed = parseSemver(version.replace(/^v/, ''))
  if (placed === null || semverRange(range) === null) return 'unknown'
  return satisfiesSemver(placed, range, { includePrerelease: true }) ? 'yes' : 'no'
}

function inPep440(version: string, range: string): 'yes' | 'no' | 'unknown' {
  const specifier = /^[\d]/.test(range) ? `==${range}` : range
  if (valid(version) === null || !validRange(specifier)) return 'unknown'
  return satisfiesPep440(version, specifier, { prereleases: true }) ? 'yes' : 'no'
}

/** Of a distribution's packages: one version, or bounds such as `<3.0.13-1` and `>=1.0-1,<2`. The order is the same in every release. */
function inPackaged(ecosystem: Ecosystem, version: string, range: string): 'yes' | 'no' | 'unknown' {
  const answers = range.split(',').map((bound) => {
    const [, operator = '', limit = ''] = /^(<=|>=|<|>|=)?(.*)$/.exec(bound.trim()) ?? []
    const order = plainOrder(ecosystem, version, limit.trim())
    return order === null ? null : within(operator, order)
  })
  if (answers.includes(null)) return 'unknown'
  return answers.includes(false) ? 'no' : 'yes'
}

function within(operator: string, order: number): boolean {
  if (operator === '<') return order < 0
  if (operator === '<=') return order <= 0
  if (operator === '>') return order > 0
  return operator === '>=' ? order >= 0 : order === 0
}
