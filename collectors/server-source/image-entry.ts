import type { ImageFiles, OpenImage } from '@upkeep/domain/images/image-files'
import type { CopyPlace } from './copy-places.ts'
import { scriptFiles } from './script-files.ts'
import { startedBy } from './started-by.ts'

/** Where the server's own files lie in an image; or why that cannot be told. */
export type ImageEntry = Pick<CopyPlace, 'package' | 'folder' | 'starts'> | { why: string }

type Image = Pick<OpenImage, 'files' | 'paths'>

const manifestBytes = 1 << 20
const mostManifests = 2_000
const mostSteps = 4
const endings = ['', '.js', '.mjs', '.cjs', '.py', '/index.js', '/__main__.py']
const inSite = /\/(?:site|dist)-packages$/

/** The files of an image that may tell or be a server's own code: sources, manifests, and small programs in folders for them. */
export function isOfEntry(path: string, size: number): boolean {
  return /\.(?:[cm]?js|py)$|(?:^|\/)package\.json$/.test(path) || (size < 65_536 && /(?:^|\/)bin\/[^/]+$/.test(path))
}

/** What a command line in a folder of an image starts, and the files that are the server's own by that. */
export function imageEntry(image: Image, words: readonly string[], folder: string, steps = 0): ImageEntry {
  const started = startedBy(words)
  if (started.kind === 'unknown') return { why: started.why }
  if (steps > mostSteps) return { why: 'what it starts leads on and on' }
  if (started.kind === 'npm-script') return ofNpmScript(image, started.name, folder, steps)
  if (started.kind === 'module') return ofModule(image, started.name, folder)
  const file = started.kind === 'file' ? fileAt(image.files, started.name, folder) : null
  return file === null ? ofProgram(image, started.name, folder) : ofFile(image, file, folder)
}

function fileAt(files: ImageFiles, name: string, folder: string): string | null {
  const path = absolute(name, folder)
  return endings.map((end) => `${path}${end}`).find((one) => isFile(files, one)) ?? null
}

/** A console script of Python loads a module; any other file is the server's own, with its package or with what it loads. */
function ofFile(image: Image, file: string, folder: string): ImageEntry {
  if (/\/bin\/[^/]+$/.test(file)) {
    const module = /^\s*from\s+([\w.]+)\s+import\b/m.exec(textAt(image.files, file) ?? '')?.[1]
    if (module !== undefined) return ofModule(image, module, folder)
  }
  const own = file.endsWith('.py') ? null : packageOf(image.files, file)
  if (own !== null) return { package: own.name, folder: own.folder, starts: [own.folder] }
  if (!/\.(?:[cm]?js|py)$/.test(file)) return { why: `what it starts is no JavaScript or Python: ${shown(file)}` }
  return { package: nameOf(file), folder: above(file), starts: scriptFiles(image.files, file) }
}

function ofModule(image: Image, name: string, folder: string): ImageEntry {
  const parts = name.split('.')
  const top = parts[0] ?? ''
  if (!/^\w+$/.test(top)) return { why: 'it starts a module without a name' }
  const sites = new Set(image.paths.flatMap((path) => siteOf(path, top)))
  for (const base of [folder, `${folder}/src`, ...sites].map((one) => one.replace(/\/{2,}/g, '/').replace(/\/$/, ''))) {
    if (image.files.inspect(`${base}/${top}`).state === 'present')
      return { package: top, folder: base, starts: [`${base}/${top}`] }
    const file = `${base}/${top}.py`
    if (isFile(image.files, file)) return { package: top, folder: base, starts: scriptFiles(image.files, file) }
  }
  return { why: `the module ${top} that it starts is not in it` }
}

function siteOf(path: string, top: string): string[] {
  const at = path.indexOf(`/${top}/`)
  const site = at < 0 ? (path.endsWith(`/${top}.py`) ? above(path) : null) : path.slice(0, at)
  return site !== null && inSite.test(site) ? [site] : []
}

/** A name of a program: the package whose manifest says that it brings it, or a file in a folder for programs. */
function ofProgram(image: Image, name: string, folder: string): ImageEntry {
  const called = nameOf(name)
  const manifests = image.paths.filter((path) => path.endsWith('/package.json')).slice(0, mostManifests)
  const own = manifests.find((path) => bringsProgram(image.files, path, called))
  if (own !== undefined) return { package: packageName(image.files, own), folder: above(own), starts: [above(own)] }
  const file = image.paths.find((path) => path.endsWith(`/bin/${called}`))
  return file === undefined
    ? { why: `what it starts is not in it, or no script: ${shown(name)}` }
    : ofFile(image, file, folder)
}

function ofNpmScript(image: Image, script: string, folder: string, steps: number): ImageEntry {
  const line = fieldAt(manifestAt(image.files, absolute('package.json', folder)), ['scripts', script])
  if (typeof line !== 'string') return { why: `its package.json has no script ${shown(script)}` }
  return imageEntry(image, ['sh', '-c', line], folder, steps + 1)
}

function bringsProgram(files: ImageFiles, path: string, name: string): boolean {
  const manifest = manifestAt(files, path)
  const bin = fieldAt(manifest, ['bin'])
  if (typeof bin === 'string') return packageName(files, path).split('/').at(-1) === name
  return typeof fieldAt(bin, [name]) === 'string'
}

/** The nearest folder above a file that has a manifest, where it is not the root itself. */
function packageOf(files: ImageFiles, file: string): { name: string; folder: string } | null {
  for (let folder = above(file); folder !== ''; folder = above(folder)) {
    const path = `${folder}/package.json`
    if (isFile(files, path) && fieldAt(manifestAt(files, path), ['name']) !== undefined)
      return { name: packageName(files, path), folder }
  }
  return null
}

function packageName(files: ImageFiles, path: string): string {
  const name = fieldAt(manifestAt(files, path), ['name'])
  return typeof name === 'string' ? shown(name) : nameOf(above(path))
}

function manifestAt(files: ImageFiles, path: string): unknown {
  try {
    return JSON.parse(textAt(files, path) ?? 'null')
  } catch {
    return null
  }
}

function fieldAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null ? Object.getOwnPropertyDescriptor(at, name)?.value : undefined,
    value,
  )
}

function textAt(files: ImageFiles, path: string): string | null {
  const read = files.read(path, manifestBytes)
  return read.state === 'present' ? new TextDecoder().decode(read.bytes) : null
}

function isFile(files: ImageFiles, path: string): boolean {
  const facts = files.inspect(path)
  return facts.state === 'present' && facts.type === 'file'
}

function absolute(name: string, folder: string): string {
  const parts: string[] = []
  for (const part of `${name.startsWith('/') ? '' : folder}/${name}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function above(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

function nameOf(path: string): string {
  return shown(path.slice(path.lastIndexOf('/') + 1))
}

function shown(text: string): string {
  return text.slice(0, 200).toWellFormed()
}
