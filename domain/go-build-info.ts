import { latinText, utf8Text } from './archives/byte-text.ts'

/** A module that a Go program was built from. A replaced module is named as what replaced it. */
export interface GoModule {
  path: string
  version: string
}

/** What the Go compiler wrote into a program: its own version, the main package, the modules. */
export interface GoBuildInfo {
  go: string
  main: string | null
  modules: GoModule[]
  /** True where more modules are named than were kept. */
  cut: boolean
}

const magic = [0xff, ...'\x20Go buildinf:'].map((one) => (typeof one === 'number' ? one : one.charCodeAt(0)))
const maxModules = 10_000
const maxText = 8 << 20
const goVersion = /^(?:go\d{1,3}(?:\.\d{1,4}){0,2}(?:[a-z0-9.-]{0,40})?|devel [\w +:.-]{1,100})$/
const modulePath = /^[A-Za-z0-9._~/+!-]{1,300}$/
const moduleVersion = /^v[A-Za-z0-9.+-]{1,200}$/

/** True for bytes that begin like a program: ELF, Mach-O (of one architecture), PE. */
export function isProgram(bytes: Uint8Array): boolean {
  const head = latinText(bytes.subarray(0, 4))
  return head === '\x7fELF' || head.startsWith('MZ') || ['\xcf\xfa\xed\xfe', '\xce\xfa\xed\xfe'].includes(head)
}

/**
 * Reads the build information of a Go program from its bytes. Null where there is none, or one that cannot be read; `before-1.18` for the
 * older form, which points into memory.
 */
export function goBuildInfo(bytes: Uint8Array): GoBuildInfo | 'before-1.18' | null {
  if (!isProgram(bytes)) return null
  let older = false
  for (let at = nextMagic(bytes, 0); at !== -1; at = nextMagic(bytes, at + 16)) {
    const inline = ((bytes[at + 15] ?? 0) & 2) !== 0
    const found = inline ? readInline(bytes, at + 32) : null
    if (found !== null) return found
    older ||= !inline && [4, 8].includes(bytes[at + 14] ?? 0)
  }
  return older ? 'before-1.18' : null
}

/** The linker puts it at a multiple of sixteen. */
function nextMagic(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 32 < bytes.length; at += 16) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x20 && magic.every((byte, index) => bytes[at + index] === byte))
      return at
  }
  return -1
}

function readInline(bytes: Uint8Array, at: number): GoBuildInfo | null {
  const version = readText(bytes, at)
  if (version === null) return null
  const go = utf8Text(version.bytes)
  if (!goVersion.test(go)) return null
  const modules = readText(bytes, version.end)
  return { go, ...readModules(modules?.bytes ?? new Uint8Array()) }
}

/** A length in groups of seven bits, then as many bytes. */
function readText(bytes: Uint8Array, at: number): { bytes: Uint8Array; end: number } | null {
  let length = 0
  let scale = 1
  for (let next = at; next < at + 5; next++) {
    const byte = bytes[next]
    if (byte === undefined) return null
    length += (byte & 0x7f) * scale
    scale *= 128
    if (byte >= 0x80) continue
    const from = next + 1
    return length > maxText || from + length > bytes.length
      ? null
      : { bytes: bytes.subarray(from, from + length), end: from + length }
  }
  return null
}

/** The text lies between two marks of sixteen bytes each. */
function readModules(bytes: Uint8Array): Omit<GoBuildInfo, 'go'> {
  const framed = bytes.length >= 33 && bytes[bytes.length - 17] === 10
  const lines = framed ? utf8Text(bytes.subarray(16, bytes.length - 16)).split('\n') : []
  const info: Omit<GoBuildInfo, 'go'> = { main: null, modules: [], cut: false }
  for (const line of lines) readLine(info, line)
  return info
}

function readLine(info: Omit<GoBuildInfo, 'go'>, line: string): void {
  const [word = '', path = '', version = ''] = line.split('\t')
  if (!modulePath.test(path)) return
  const module = { path, version: moduleVersion.test(version) ? version : '' }
  if (word === 'path') info.main = path
  // A replaced module is what replaced it.
  if (word === '=>') info.modules.splice(-1, 1, module)
  if (word !== 'mod' && word !== 'dep') return
  if (info.modules.length < maxModules) info.modules.push(module)
  else info.cut = true
}
