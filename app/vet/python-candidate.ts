import { parseToml } from '@upkeep/domain/client-formats/parse-toml'
import { at } from '@upkeep/domain/client-formats/tree'
import { metadataHeaders, pythonName, pythonRequirement } from '@upkeep/domain/python-names'
import { type Candidate, clientFile, withoutTop } from './candidate.ts'
import type { UnpackedFile } from './unpack.ts'

const metadataPath = /^[^/]+\.dist-info\/METADATA$/
const headBytes = 1 << 20
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/
const plainVersion = /^\d[0-9A-Za-z.!+_-]{0,127}$/

interface Stated {
  name: string
  version: string
  requires: string[]
}

/** A wheel, put where uv keeps an installed tool; a text says why it is none. */
export function wheelCandidate(files: readonly UnpackedFile[]): Candidate | string {
  const found = files.filter((file) => metadataPath.test(file.path))
  const [metadata] = found
  if (metadata === undefined) return 'it is neither an MCP bundle (manifest.json) nor a wheel (METADATA)'
  if (found.length > 1) return 'it holds the METADATA of more than one package, so it is no wheel'
  const stated = statedIn(textOf(metadata))
  if (stated === null) return 'its METADATA states no name and version, so it is no wheel'
  const info = metadata.path.slice(0, metadata.path.lastIndexOf('/'))
  // What a RECORD leaves out is installed all the same: everything that is there is recorded here.
  return toolOf('Python wheel', stated, [...files.filter((file) => file.path !== `${info}/RECORD`)], info)
}

/**
 * A source archive, put where uv keeps an installed tool, as it is: what building it would make of it is not known, since nothing is run.
 * Null when it has neither PKG-INFO nor a pyproject.toml that states name and version.
 */
export function sourceCandidate(files: readonly UnpackedFile[]): Candidate | null {
  const own = withoutTop(files)
  const stated = statedBySource(own)
  if (stated === null) return null
  const metadata = `Metadata-Version: 2.1\nName: ${stated.name}\nVersion: ${stated.version}\n\n`
  const info = `${pythonName(stated.name).replaceAll('-', '_')}-${stated.version.replaceAll('-', '_')}.dist-info`
  // A folder of its own: what lies in a source archive must not pass for another installed package.
  const inside = own.map((file) => ({ ...file, path: `source/${file.path}` }))
  const candidate = toolOf(
    'Python source archive',
    stated,
    [...inside, { path: `${info}/METADATA`, bytes: Buffer.from(metadata) }],
    info,
  )
  const builds = own.some((file) => file.path === 'setup.py') ? 'its setup.py' : 'the build backend that it names'
  return { ...candidate, notes: [`installing it runs ${builds}; what that makes of it was not judged`] }
}

/** Whether the folder that everything lies in is named as a source archive's is: `name-version`. */
export function isNamedAsSource(files: readonly UnpackedFile[], { name, version }: Candidate): boolean {
  const top = files[0]?.path.split('/')[0] ?? ''
  const cut = top.lastIndexOf('-')
  return cut > 0 && pythonName(top.slice(0, cut)) === pythonName(name) && top.slice(cut + 1) === version
}

function statedBySource(own: readonly UnpackedFile[]): Stated | null {
  const info = own.find((file) => file.path === 'PKG-INFO')
  if (info !== undefined) return statedIn(textOf(info))
  const project = own.find((file) => file.path === 'pyproject.toml')
  return project === undefined ? null : statedInProject(textOf(project))
}

function statedIn(text: string): Stated | null {
  const headers = metadataHeaders(text)
  const head = text.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const needs = [...head.matchAll(/^Requires-Dist:([^\r\n]{1,2000})/gim)].map((one) => one[1] ?? '')
  return stated(headers.get('name'), headers.get('version'), needs)
}

function statedInProject(text: string): Stated | null {
  const parsed = parseToml(text)
  if (parsed.state !== 'parsed') return null
  const [name, version, needs] = ['name', 'version', 'dependencies'].map((key) => at(parsed.tree, 'project', key))
  const listed = Array.isArray(needs) ? needs.filter((one) => typeof one === 'string') : []
  return stated(textIn(name), textIn(version), listed)
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function stated(name: string | undefined, version: string | undefined, needs: readonly string[]): Stated | null {
  if (name === undefined || version === undefined || !plainName.test(name) || !plainVersion.test(version)) return null
  const always = needs.filter((one) => !/;.{0,1000}\bextra\s{0,5}==/.test(one))
  const requires = always.flatMap((one) => pythonRequirement(one)?.name ?? [])
  return { name, version, requires: [...new Set(requires)] }
}

function toolOf(kind: Candidate['kind'], stated: Stated, files: readonly UnpackedFile[], info: string): Candidate {
  const tool = pythonName(stated.name)
  const root = `.local/share/uv/tools/${tool}/lib/python3.12/site-packages`
  const listed = [...files.map((file) => file.path), `${info}/RECORD`]
  // A comma or a quote in a name would end the field.
  const record = listed.map((path) => `"${path.replaceAll('"', '""')}",,\n`).join('')
  const all = [...files, { path: `${info}/RECORD`, bytes: Buffer.from(record) }]
  return {
    kind,
    name: stated.name,
    version: stated.version,
    files: [
      clientFile(tool, { command: 'uvx', args: [`${tool}==${stated.version}`] }),
      ...all.map((file) => ({ ...file, path: `${root}/${file.path}` })),
    ],
    dependencies: stated.requires,
    notes: [],
  }
}

function textOf(file: UnpackedFile): string {
  return new TextDecoder().decode(file.bytes.subarray(0, headBytes))
}
