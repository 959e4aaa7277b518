import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { z } from 'zod'
import type { Unpacked, UnpackedFile } from './unpack.ts'

/** What an archive was recognised as: what it calls itself, where its files go in a home, and the entry that would start it. */
export interface Candidate {
  kind: 'npm package' | 'Python wheel' | 'MCP bundle'
  name: string
  version: string
  /** Files by their path below the home. */
  files: UnpackedFile[]
  entry: { command: string; args: string[] }
  /** Packages that it needs and that are not inside it: they are judged only once they are there. */
  dependencies: string[]
}

const Manifest = z.object({
  name: z
    .string()
    .max(214)
    .regex(/^(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[A-Za-z0-9~_-][A-Za-z0-9._~-]*$/),
  version: z
    .string()
    .max(128)
    .regex(/^\d[0-9A-Za-z.+-]*$/),
  dependencies: z.record(z.string(), z.unknown()).default({}),
})
const BundleManifest = z.object({
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(128),
  server: z.object({ type: z.string(), entry_point: z.string().min(1).max(1_000) }),
})

/** Recognises an npm tarball, a wheel or an MCP bundle by what lies in it; a text says why it is none. */
export function recognise(unpacked: Unpacked): Candidate | string {
  const names = new Map(unpacked.files.map((file) => [file.path, file]))
  if (unpacked.form === 'tar') return npmPackage(unpacked.files)
  const manifest = names.get('manifest.json')
  if (manifest !== undefined) return bundle(unpacked.files, manifest)
  return wheel(unpacked.files)
}

/** npm puts everything below one folder, usually `package`. */
function npmPackage(files: readonly UnpackedFile[]): Candidate | string {
  const top = files[0]?.path.split('/')[0] ?? ''
  const own = files
    .filter((file) => file.path.startsWith(`${top}/`))
    .map((file) => ({
      ...file,
      path: file.path.slice(top.length + 1),
    }))
  const manifest = parsed(
    Manifest,
    own.find((file) => file.path === 'package.json'),
  )
  if (manifest === null) return 'it has no package.json with a name and a version, so it is no npm package'
  const { name, version, dependencies } = manifest
  const root = `.npm/_npx/${npxCacheKey([`${name}@${version}`])}`
  const cached = JSON.stringify({ dependencies: { [name]: version } })
  const inside = new Set(own.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.path)?.[1]))
  return {
    kind: 'npm package',
    name,
    version,
    files: [
      { path: `${root}/package.json`, bytes: Buffer.from(cached) },
      ...own.map((file) => ({ ...file, path: `${root}/node_modules/${name}/${file.path}` })),
    ],
    entry: { command: 'npx', args: ['-y', `${name}@${version}`] },
    dependencies: Object.keys(dependencies).filter((one) => !inside.has(one)),
  }
}

function wheel(files: readonly UnpackedFile[]): Candidate | string {
  const metadata = files.find((file) => /^[^/]+\.dist-info\/METADATA$/.test(file.path))
  const head =
    metadata === undefined ? '' : new TextDecoder().decode(metadata.bytes.subarray(0, 1 << 20)).split('\n\n')[0]
  const name = /^Name: ([A-Za-z0-9][A-Za-z0-9._-]{0,199})\r?$/m.exec(head ?? '')?.[1]
  const version = /^Version: (\d[0-9A-Za-z.!+-]{0,127})\r?$/m.exec(head ?? '')?.[1]
  if (name === undefined || version === undefined)
    return 'it is neither an MCP bundle (manifest.json) nor a wheel (METADATA)'
  const needs = [...(head ?? '').matchAll(/^Requires-Dist: ([A-Za-z0-9][A-Za-z0-9._-]*)([^\r\n]*)/gm)]
  const tool = name.toLowerCase().replace(/[-_.]+/g, '-')
  const root = `.local/share/uv/tools/${tool}/lib/python3.12/site-packages`
  return {
    kind: 'Python wheel',
    name,
    version,
    files: files.map((file) => ({ ...file, path: `${root}/${file.path}` })),
    entry: { command: 'uvx', args: [`${tool}==${version}`] },
    dependencies: needs.filter((one) => !one[2]?.includes('extra ==')).map((one) => one[1] ?? ''),
  }
}

function bundle(files: readonly UnpackedFile[], file: UnpackedFile): Candidate | string {
  const manifest = parsed(BundleManifest, file)
  if (manifest === null) return 'its manifest.json names no server, so it is no MCP bundle'
  const { type, entry_point: start } = manifest.server
  if (start.startsWith('/') || start.includes('\\') || start.split('/').includes('..'))
    return 'its manifest.json starts something outside the bundle'
  const command = type === 'python' ? 'python3' : type === 'node' ? 'node' : null
  const path = `bundle/${start}`
  return {
    kind: 'MCP bundle',
    name: manifest.name,
    version: manifest.version,
    files: files.map((one) => ({ ...one, path: `bundle/${one.path}` })),
    entry: command === null ? { command: `$HOME/${path}`, args: [] } : { command, args: [`$HOME/${path}`] },
    dependencies: [],
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, file: UnpackedFile | undefined): z.infer<Schema> | null {
  if (file === undefined || file.bytes.length > 1 << 20) return null
  try {
    const read = schema.safeParse(JSON.parse(new TextDecoder().decode(file.bytes)))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
