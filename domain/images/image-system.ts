import { utf8Text } from '../archives/byte-text.ts'
import { knownDistribution } from '../versions/distribution.ts'

/** The release of a distribution that an image is made of, by OSV's name, and what the image calls itself. */
export interface ImageSystem {
  distribution: string | null
  says: string
}

/** The files that say of which distribution a root is, the one that counts first. */
export const releaseFiles = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/alpine-release',
  'etc/debian_version',
] as const

const maxBytes = 64 << 10

/** Reads the release off what the first of these files says; undefined where there is none of them. */
export function imageSystem(found: ReadonlyMap<string, Uint8Array>): ImageSystem | undefined {
  for (const path of releaseFiles) {
    const bytes = found.get(path)
    if (bytes === undefined) continue
    const text = utf8Text(bytes.subarray(0, maxBytes))
    if (path === 'etc/alpine-release') return named('alpine', text.trim())
    if (path === 'etc/debian_version') return named('debian', text.trim())
    const fields = assignments(text)
    const id = fields.get('ID') ?? ''
    // Debian leaves the number out before a release; what is then in the other file is no number either.
    return named(id, fields.get('VERSION_ID') ?? '')
  }
  return undefined
}

/** Lines of `NAME=value`, as a shell reads them: quotes around a value are no part of it. */
function assignments(text: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.split('\n').slice(0, 200)) {
    const [, name, value = ''] = /^([A-Z_]{1,40})=(.{0,300})$/.exec(line.trim()) ?? []
    if (name !== undefined) fields.set(name, /^(["'])(.*)\1$/.exec(value)?.[2] ?? value)
  }
  return fields
}

function named(id: string, version: string): ImageSystem {
  const says = `${id} ${version}`
    .replace(/[^\w .~+-]/g, '?')
    .trim()
    .slice(0, 80)
  return { distribution: knownDistribution(osvName(id, version)), says: says === '' ? 'nothing' : says }
}

/** A development state has a release's number with more behind it: it is none. */
function osvName(id: string, version: string): string {
  switch (id) {
    case 'alpine':
      return `Alpine:v${/^(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1] ?? ''}`
    case 'debian':
      return `Debian:${/^(\d+)(?:\.\d+)?$/.exec(version)?.[1] ?? ''}`
    case 'ubuntu':
      return `Ubuntu:${version}${/^\d?[02468]\.04$/.test(version) ? ':LTS' : ''}`
    case 'wolfi':
      return 'Wolfi'
    case 'chainguard':
      return 'Chainguard'
    default:
      return ''
  }
}
