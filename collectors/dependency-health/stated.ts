import type { FilesPort } from '@upkeep/contract/ports'
import { plainRepository } from '@upkeep/domain/dependency-health/source-repository'
import { z } from 'zod'

/** What a package says of itself beyond name and version. */
export interface Stated {
  licence: string | null
  installScripts: string[]
  engines: string | null
  repository: string | null
  problem: string | null
}

/** What reading a manifest takes of the files port. */
export type ReadsFiles = Pick<FilesPort, 'inspect' | 'read'>

const maxBytes = 1 << 20
const Text = z.string().min(1).max(200).refine(isPrintable)
const Manifest = z.object({
  license: z.unknown().optional(),
  licenses: z.unknown().optional(),
  scripts: z.record(z.string(), z.unknown()).catch({}),
  engines: z.object({ node: Text }).optional().catch(undefined),
  gypfile: z.unknown().optional(),
  repository: z.unknown().optional(),
})
type Manifest = z.infer<typeof Manifest>

const atInstall = ['preinstall', 'install', 'postinstall'] as const
const nothing: Stated = { licence: null, installScripts: [], engines: null, repository: null, problem: null }

/** Reads a folder's package.json for its licence, its install scripts, the Node that it asks for and where its source is. */
export function readStated(files: ReadsFiles, folder: string): Stated {
  const read = files.read(`${folder}/package.json`, maxBytes)
  if (read.state === 'absent') return { ...nothing, problem: 'gone while looking' }
  if (read.state === 'unavailable') return { ...nothing, problem: read.reason }
  const manifest = Manifest.safeParse(parsed(read.bytes))
  if (!manifest.success) return { ...nothing, problem: 'it is not a JSON object' }
  return {
    licence: licenceOf(manifest.data),
    installScripts: installScripts(files, folder, manifest.data),
    engines: manifest.data.engines?.node ?? null,
    repository: repositoryOf(manifest.data),
    problem: null,
  }
}

/** npm builds what has a `binding.gyp` when the package names no script of its own for it. */
function installScripts(files: ReadsFiles, folder: string, { scripts, gypfile }: Manifest): string[] {
  const named: string[] = atInstall.filter((name) => typeof scripts[name] === 'string' && scripts[name] !== '')
  if (gypfile === false || named.includes('install') || named.includes('preinstall')) return named
  return files.inspect(`${folder}/binding.gyp`).state === 'present' ? [...named, 'binding.gyp'] : named
}

/** The field as it is written today, or in one of its two older forms. */
function licenceOf({ license, licenses }: Manifest): string | null {
  const old = Array.isArray(licenses) ? licenses.flatMap((one) => textOf(one) ?? []).slice(0, 5) : []
  const text = textOf(license) ?? textOf(licenses) ?? (old.length > 0 ? old.join(' OR ') : null)
  return Text.safeParse(text).data ?? null
}

const Named = z.union([Text, z.object({ type: Text }).transform(({ type }) => type)])

function textOf(value: unknown): string | null {
  return Named.safeParse(value).data ?? null
}

const Repository = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)])

function repositoryOf({ repository }: Manifest): string | null {
  const text = Repository.safeParse(repository).data
  return text === undefined || !isPrintable(text) ? null : plainRepository(text)
}

function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(text)
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return null
  }
}
