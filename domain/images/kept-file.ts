import { latinText, utf8Text } from '../archives/byte-text.ts'
import type { TarEntry } from '../archives/tar.ts'
import { type GoBuildInfo, goBuildInfo, isProgram } from '../go-build-info.ts'
import { metadataHeaders } from '../python-names.ts'
import { releaseFiles } from './image-system.ts'
import { apkInstalled, dpkgStatus, type SystemPackages } from './system-packages.ts'

/** What one file of an image says of the packages in it. */
export type KeptFile =
  | ({ kind: 'apk' | 'deb' } & SystemPackages)
  | { kind: 'release'; bytes: Uint8Array }
  | { kind: 'npm' | 'PyPI'; name: string; version: string | null }
  | { kind: 'Go'; info: GoBuildInfo }
  | { kind: 'problem'; why: string }

const maxManifest = 4 << 20
const maxDatabase = 64 << 20
const maxRelease = 64 << 10
const releases: readonly string[] = releaseFiles

/** Lists of package managers that are not read: an image that has one has packages that are not known. */
const otherLists =
  /^(?:var|usr)\/lib\/(?:sysimage\/)?rpm\/(?:Packages|Packages\.db|rpmdb\.sqlite)$|^var\/lib\/pacman\/local\/ALPM_DB_VERSION$/

/** Reads what a file says; null for a file that says nothing of packages. */
export function keptFile(path: string, { bytes, executable }: TarEntry): KeptFile | null {
  const listed = systemFile(path, bytes)
  if (listed !== null) return listed
  if (path.endsWith('/package.json') || path === 'package.json') return npmPackage(path, bytes)
  if (/\.dist-info\/METADATA$|\.egg-info\/PKG-INFO$/.test(path)) return pythonPackage(bytes)
  return executable && isProgram(bytes) ? program(bytes) : null
}

/** What the distribution's own tools keep, at the root; below another folder it is of another root. */
function systemFile(path: string, bytes: Uint8Array): KeptFile | null {
  if (releases.includes(path)) return { kind: 'release', bytes: bytes.slice(0, maxRelease) }
  if (/^(?:usr\/)?lib\/apk\/db\/installed$/.test(path)) return database('apk', bytes)
  if (/^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)$/.test(path) && !path.endsWith('.md5sums'))
    return database('deb', bytes)
  if (/\/(?:lib\/apk\/db\/installed|var\/lib\/dpkg\/status)$/.test(path))
    return { kind: 'problem', why: 'a list of packages of another root: not read' }
  return otherLists.test(path) ? { kind: 'problem', why: 'lists of this package manager are not read' } : null
}

function database(kind: 'apk' | 'deb', bytes: Uint8Array): KeptFile {
  if (bytes.length > maxDatabase) return { kind: 'problem', why: `its list of ${kind} packages is too large` }
  return { kind, ...(kind === 'apk' ? apkInstalled(bytes) : dpkgStatus(bytes)) }
}

/** Of a package's own manifest: below node_modules under its own name, or the program's own, elsewhere. */
function npmPackage(path: string, bytes: Uint8Array): KeptFile | null {
  if (bytes.length > maxManifest) return { kind: 'problem', why: 'a package.json is too large' }
  const manifest = parsed(bytes)
  const [name, version] = [textOf(manifest, 'name'), textOf(manifest, 'version')]
  if (name === null) return null
  const folder = path.slice(0, -'/package.json'.length)
  const called = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(folder)?.[1]
  // Deeper in a package lie manifests that only mark a folder, such as one that says "type": "module".
  const isOwn = called !== undefined || !/(?:^|\/)node_modules\//.test(path)
  return isOwn && (version !== null || called !== undefined) ? { kind: 'npm', name, version } : null
}

function pythonPackage(bytes: Uint8Array): KeptFile | null {
  const headers = metadataHeaders(utf8Text(bytes.subarray(0, 65_536)))
  const name = shortText(headers.get('name'))
  return name === null ? null : { kind: 'PyPI', name, version: shortText(headers.get('version')) }
}

function program(bytes: Uint8Array): KeptFile | null {
  const info = goBuildInfo(bytes)
  if (info === 'before-1.18') return { kind: 'problem', why: 'a Go program from before 1.18: its modules are not read' }
  return info === null ? null : { kind: 'Go', info }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(isAscii(bytes) ? latinText(bytes) : utf8Text(bytes))
  } catch {
    return null
  }
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80)
}

function textOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  const text: unknown = Object.getOwnPropertyDescriptor(value, name)?.value
  return shortText(typeof text === 'string' ? text : undefined)
}

function shortText(text: string | undefined): string | null {
  return text !== undefined && /^[A-Za-z0-9@_][\w@/.+~!-]{0,213}$/.test(text) ? text : null
}
