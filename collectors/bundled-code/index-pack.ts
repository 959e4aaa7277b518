import type { FilesPort } from '@upkeep/contract/ports'
import type { PackageFingerprints } from '@upkeep/domain/bundled-code/fingerprints'
import { canonicalJson, digestOf } from '@upkeep/domain/canonical-json'
import { z } from 'zod'

const maxBytes = 16 << 20
const maxPackages = 1_000
const Index = z.int().nonnegative()
const Spans = z.array(z.tuple([Index, Index]))
const Fingerprints = z.object({
  ecosystem: z.literal('npm'),
  name: z.string(),
  family: z.string(),
  gates: z.array(z.string().min(3)).min(1),
  versions: z.array(z.string()).min(1),
  words: z.array(z.string().length(12)),
  tells: z.array(z.object({ word: Index, versions: Spans })),
  units: z.array(
    z.object({
      name: z.string(),
      own: z.array(Index),
      forms: z.array(z.object({ versions: Spans, words: z.array(Index).min(1) })).min(1),
    }),
  ),
})
const Manifest = z.object({ id: z.string(), version: z.string(), digest: z.string() })

/** An index of packages that can be recognised inside other code. */
export interface FingerprintIndex {
  id: string
  /** Over the manifest and every package: another index finds other things. */
  digest: string
  packages: readonly PackageFingerprints[]
}

/** Of each round's files, so that a fleet of thousands reads an index once. */
const readEarlier = new WeakMap<FilesPort, Map<string, FingerprintIndex | string>>()

/** The pack of an index, read once per files port. Text: why it cannot be used. */
export function indexPack(files: FilesPort, folder: string): FingerprintIndex | string {
  const known = readEarlier.get(files) ?? new Map<string, FingerprintIndex | string>()
  readEarlier.set(files, known)
  const index = known.get(folder) ?? readIndexPack(files, folder)
  known.set(folder, index)
  return index
}

function readIndexPack(files: FilesPort, folder: string): FingerprintIndex | string {
  const manifest = Manifest.safeParse(readJson(files, `${folder}/manifest.json`))
  if (!manifest.success) return 'its manifest cannot be read'
  const names = files.list(`${folder}/generated`, maxPackages)
  if (names.state !== 'present' || names.truncated) return 'its folder of packages cannot be read'
  const packages: PackageFingerprints[] = []
  for (const name of names.names.filter((one) => one.endsWith('.json'))) {
    const read = Fingerprints.safeParse(readJson(files, `${folder}/generated/${name}`))
    if (!read.success) return `${name.slice(0, 100)} is not of the expected form`
    packages.push(read.data)
  }
  const { id, version } = manifest.data
  return { id: `${id} ${version}`, digest: digestOf(canonicalJson(packages)), packages }
}

function readJson(files: FilesPort, path: string): unknown {
  const read = files.read(path, maxBytes)
  if (read.state !== 'present') return null
  try {
    return JSON.parse(new TextDecoder().decode(read.bytes))
  } catch {
    return null
  }
}
