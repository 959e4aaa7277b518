import { utf8Text } from '../archives/byte-text.ts'

/** A package that a Linux distribution's own tool has put there. */
export interface SystemPackage {
  name: string
  version: string
}

const maxPackages = 20_000
const fitting = /^[A-Za-z0-9][\w.+:~-]{0,200}$/

/** Packages of Alpine's `lib/apk/db/installed`: one record per package, a letter and its value per line. */
export function apkInstalled(bytes: Uint8Array): SystemPackage[] {
  return records(bytes).flatMap((lines) => named(fieldOf(lines, 'P:'), fieldOf(lines, 'V:')))
}

/** Packages of Debian's `var/lib/dpkg/status`, or of one file of `status.d`. What was removed and left its settings is not there. */
export function dpkgStatus(bytes: Uint8Array): SystemPackage[] {
  return records(bytes).flatMap((lines) => {
    const status = fieldOf(lines, 'Status: ')
    if (status !== undefined && !/ installed$/.test(status)) return []
    return named(fieldOf(lines, 'Package: '), fieldOf(lines, 'Version: '))
  })
}

function records(bytes: Uint8Array): string[][] {
  return utf8Text(bytes)
    .split('\n\n')
    .slice(0, maxPackages)
    .map((record) => record.split('\n'))
}

function fieldOf(lines: readonly string[], key: string): string | undefined {
  return lines
    .find((line) => line.startsWith(key))
    ?.slice(key.length)
    .trim()
}

function named(name: string | undefined, version: string | undefined): SystemPackage[] {
  if (name === undefined || version === undefined) return []
  return fitting.test(name) && fitting.test(version) ? [{ name, version }] : []
}
