import { utf8Text } from '../archives/byte-text.ts'

/** A package that a Linux distribution's own tool has put there, and the source package that it was built from. */
export interface SystemPackage {
  name: string
  version: string
  builtFrom: { name: string; version: string }
}

/** The packages of one list, and how many of its records could not be read. */
export interface SystemPackages {
  packages: SystemPackage[]
  unread: number
}

const maxPackages = 20_000
const fitting = /^[A-Za-z0-9][\w.+:~-]{0,200}$/

/** Packages of Alpine's `lib/apk/db/installed`: one record per package, a letter and its value per line. */
export function apkInstalled(bytes: Uint8Array): SystemPackages {
  return packagesIn(bytes, (lines) => {
    const [name, version] = [fieldOf(lines, 'P:'), fieldOf(lines, 'V:')]
    return { name, version, source: fieldOf(lines, 'o:') ?? name, sourceVersion: version }
  })
}

/** Packages of Debian's `var/lib/dpkg/status`, or of one file of `status.d`. What was removed and left its settings is not there. */
export function dpkgStatus(bytes: Uint8Array): SystemPackages {
  return packagesIn(bytes, (lines) => {
    const status = fieldOf(lines, 'Status: ')
    // In every other state, such as half-configured, its files lie there.
    if (status !== undefined && / (?:config-files|not-installed)$/.test(status)) return null
    const [name, version] = [fieldOf(lines, 'Package: '), fieldOf(lines, 'Version: ')]
    // `Source: glibc`, or `Source: gcc-12 (12.2.0-14)` where the two have versions of their own.
    const [, source, sourceVersion] = /^(\S{1,300})(?: \((\S{1,300})\))?$/.exec(fieldOf(lines, 'Source: ') ?? '') ?? []
    return { name, version, source: source ?? name, sourceVersion: sourceVersion ?? withoutRebuild(version) }
  })
}

/** A package that was only built again is of the same source: `1.0-1+b2` of `1.0-1`. */
function withoutRebuild(version: string | undefined): string | undefined {
  return version?.replace(/\+b\d{1,4}$/, '')
}

interface Fields {
  name: string | undefined
  version: string | undefined
  source: string | undefined
  sourceVersion: string | undefined
}

function packagesIn(bytes: Uint8Array, read: (lines: readonly string[]) => Fields | null): SystemPackages {
  const records = utf8Text(bytes).split(/\n[ \t]*\n/)
  const packages: SystemPackage[] = []
  let unread = Math.max(records.length - maxPackages, 0)
  for (const record of records.slice(0, maxPackages)) {
    if (record.trim() === '') continue
    const fields = read(record.split('\n'))
    if (fields === null) continue
    const found = fittingPackage(fields)
    if (found === null) unread++
    else packages.push(found)
  }
  return { packages, unread }
}

function fieldOf(lines: readonly string[], key: string): string | undefined {
  return lines
    .find((line) => line.startsWith(key))
    ?.slice(key.length)
    .trim()
}

function fittingPackage({ name, version, source, sourceVersion }: Fields): SystemPackage | null {
  if (name === undefined || version === undefined || source === undefined || sourceVersion === undefined) return null
  if (![name, version, source, sourceVersion].every((text) => fitting.test(text))) return null
  return { name, version, builtFrom: { name: source, version: sourceVersion } }
}
