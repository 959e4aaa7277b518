import type { FilesPort } from '@upkeep/contract'
import type { Packument, Provenance } from '@upkeep/contract/observations/registry'
import { aFewAtOnce } from './ask-bounded.ts'
import { attestedVersions } from './attested-versions.ts'
import type { AttestationTrust } from './check-attestation.ts'
import type { WantedPackage } from './describe-packument.ts'
import type { Attestations } from './live-attestations.ts'
import type { RegistryKey } from './registry-keys.ts'

interface ProvenanceCall {
  wanted: ReadonlyMap<string, WantedPackage>
  keys: readonly RegistryKey[]
  /** The owner's trust root. */
  rootPath: string | undefined
  files: FilesPort
  atOnce: number
  attestationsOf(one: { name: string; version: string }): Promise<Attestations>
}

/** Adds to each packument what checking the attestations of the versions that matter came to, and names the trust root. */
export async function withProvenance(
  packuments: readonly Packument[],
  call: ProvenanceCall,
): Promise<{ packages: Packument[]; root: string }> {
  const questions = packuments.flatMap((packument) => {
    const wanted = call.wanted.get(packument.name)
    return wanted === undefined ? [] : attestedVersions(packument, wanted).map((version) => ({ packument, version }))
  })
  if (questions.length === 0) return { packages: [...packuments], root: 'no attestation to check' }
  // The libraries that check are loaded only where there is something to check.
  const { trustedRoot } = await import('./trust-root.ts')
  const root = trustedRoot(call.rootPath, call.files)
  const found = new Map<string, Provenance>()
  await aFewAtOnce(questions, call.atOnce, async ({ packument, version }) => {
    const trust = typeof root === 'string' ? root : { root: root.value, keys: call.keys }
    found.set(`${packument.name}@${version}`, await provenanceOf(packument, version, trust, call))
  })
  const packages = packuments.map((packument) => ({
    ...packument,
    versions: packument.versions.map((one) => {
      const provenance = found.get(`${packument.name}@${one.version}`)
      return provenance === undefined ? one : { ...one, provenance }
    }),
  }))
  return { packages, root: typeof root === 'string' ? root : root.from }
}

async function provenanceOf(
  { name, versions }: Packument,
  version: string,
  trust: AttestationTrust | string,
  { attestationsOf }: ProvenanceCall,
): Promise<Provenance> {
  if (typeof trust === 'string') return { state: 'unavailable', why: trust }
  const attestations = await attestationsOf({ name, version })
  if (typeof attestations === 'string') return { state: 'unavailable', why: `its attestations: ${attestations}` }
  const { checkAttestations } = await import('./check-attestation.ts')
  const integrity = versions.find((one) => one.version === version)?.integrity ?? null
  return checkAttestations({ name, version, integrity, publishedAt: null }, attestations, trust)
}
