import { bundleFromJSON } from '@sigstore/bundle'
import type { TrustedRoot } from '@sigstore/protobuf-specs'
import { type Signer, toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify'
import type { Provenance } from '@upkeep/contract/observations/registry'
import { printable } from '@upkeep/domain/printable'
import { readStatement, type Statement } from './attestation-document.ts'
import { sourceInCertificate } from './certificate-source.ts'
import type { SignedPackage } from './check-signature.ts'
import type { RegistryKey } from './registry-keys.ts'

const provenanceTypes = ['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2']
const publishType = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1'

/** By what attestations are checked: the authorities of Sigstore, and the registry's own keys. */
export interface AttestationTrust {
  root: TrustedRoot
  keys: readonly RegistryKey[]
}

type Found = { kind: 'provenance'; provenance: Provenance } | { kind: 'publish' } | { kind: 'failed'; why: string }

/**
 * Checks every attestation of one version whose kind is known: signature, log, certificate and times against the trust root, and that the
 * statement is about this package and these bytes. One that does not hold fails the version; only a provenance that holds verifies it.
 */
export function checkAttestations(
  one: SignedPackage,
  attestations: readonly { predicateType: string; bundle: unknown }[],
  trust: AttestationTrust,
): Provenance {
  const found = attestations.flatMap((attestation) => checkOne(one, attestation, trust) ?? [])
  const failed = found.find((each) => each.kind === 'failed')
  if (failed !== undefined) return { state: 'failed', why: failed.why }
  const verified = found.find((each) => each.kind === 'provenance')
  if (verified !== undefined) return verified.provenance
  const published = found.some((each) => each.kind === 'publish')
  const why = published ? 'only its publication is attested, not its origin' : 'no attestation of a kind that is known'
  return { state: 'unavailable', why }
}

/** Null for a kind that is not looked at. The kind is the one that was signed; a document that calls it another is not believed. */
function checkOne(
  one: SignedPackage,
  { predicateType, bundle }: { predicateType: string; bundle: unknown },
  trust: AttestationTrust,
): Found | null {
  const isProvenance = provenanceTypes.includes(predicateType)
  if (!isProvenance && predicateType !== publishType) return null
  const what = isProvenance ? 'provenance' : 'attestation of publication'
  const statement = readStatement(bundle)
  if (statement === null) return { kind: 'failed', why: `its ${what} cannot be read` }
  if (statement.predicateType !== predicateType) return { kind: 'failed', why: `its ${what} states another kind` }
  const signer = verifiedSigner(bundle, trust)
  if (typeof signer === 'string') return { kind: 'failed', why: `its ${what} does not hold: ${signer}` }
  const mismatch = aboutAnother(one, statement)
  if (mismatch !== null) return { kind: 'failed', why: `its ${what} is about ${mismatch}` }
  return isProvenance ? originOf(statement, signer) : published(one, statement)
}

function verifiedSigner(bundle: unknown, { root, keys }: AttestationTrust): Signer | string {
  try {
    const material = toTrustMaterial(root, (hint) => keyFor(hint, keys))
    const verifier = new Verifier(material, { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 })
    return verifier.verify(toSignedEntity(bundleFromJSON(bundle)))
  } catch (error) {
    // Only the code: the message may quote what was read.
    return error instanceof VerificationError ? (words[error.code] ?? error.code) : 'it cannot be read'
  }
}

const words: Readonly<Record<string, string>> = {
  CERTIFICATE_ERROR: 'its certificate is by no authority of the trust root, or was not valid then',
  PUBLIC_KEY_ERROR: 'its key is not one of this registry, or was not valid then',
  SIGNATURE_ERROR: 'its signature does not fit',
  TIMESTAMP_ERROR: 'the time of signing is not attested by an authority of the trust root',
  TLOG_ERROR: 'its entry in the log does not hold',
  TLOG_BODY_ERROR: 'its entry in the log is about something else',
  TLOG_INCLUSION_PROOF_ERROR: 'the proof that it is in the log does not hold',
  TLOG_INCLUSION_PROMISE_ERROR: 'the promise that it is in the log does not hold',
  TLOG_MISSING_INCLUSION_ERROR: 'nothing shows that it is in the log',
}

function keyFor(hint: string, keys: readonly RegistryKey[]) {
  const key = keys.find((one) => one.keyid === hint && one.use !== 'signatures')
  if (key === undefined) throw new VerificationError({ code: 'PUBLIC_KEY_ERROR', message: 'not a known key' })
  const from = key.startsAt === null ? Number.NEGATIVE_INFINITY : Date.parse(key.startsAt)
  const until = key.expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(key.expiresAt)
  return { publicKey: key.key, validFor: (date: Date) => date.getTime() >= from && date.getTime() < until }
}

/** What a statement is about, where that is not this package with these bytes; null where it is. */
function aboutAnother({ name, version, integrity }: SignedPackage, { subject }: Statement): string | null {
  const [only, ...others] = subject
  const wanted = `pkg:npm/${name.replace('@', '%40')}@${version}`
  if (only === undefined || others.length > 0) return 'several things at once'
  if (only.name !== wanted) return `another package: ${printable(only.name)}`
  const stated = /(?:^|\s)sha512-([A-Za-z0-9+/]{86}==)(?:\s|$)/.exec(integrity ?? '')?.[1]
  if (stated === undefined) return 'bytes of which this registry states no SHA-512'
  const digest = Buffer.from(stated, 'base64').toString('hex')
  return only.digest.sha512 === digest ? null : 'other bytes than the registry publishes'
}

function published({ name, version }: SignedPackage, { predicate }: Statement): Found {
  return predicate.name === name && predicate.version === version
    ? { kind: 'publish' }
    : { kind: 'failed', why: 'its attestation of publication names another version' }
}

/** Who built it from what: the certificate was issued to the builder, and counts more than what the builder then wrote. */
function originOf({ predicate }: Statement, { identity }: Signer): Found {
  if (identity?.subjectAlternativeName === undefined)
    return { kind: 'failed', why: 'its provenance was not signed by a builder' }
  const certified = sourceInCertificate(identity.oids ?? [])
  const written =
    predicate.buildDefinition?.externalParameters?.workflow?.repository ?? predicate.invocation?.configSource?.uri
  if (certified !== null && written !== undefined && plainSource(certified) !== plainSource(written))
    return { kind: 'failed', why: 'its provenance states another repository than the certificate of its builder' }
  const source = certified ?? written
  const builder = predicate.runDetails?.builder?.id ?? predicate.builder?.id
  return {
    kind: 'provenance',
    provenance: {
      state: 'verified',
      why: `built by ${shown(identity.subjectAlternativeName)}`,
      signer: shown(identity.subjectAlternativeName),
      ...(identity.extensions?.issuer === undefined ? {} : { issuer: shown(identity.extensions.issuer) }),
      ...(source === undefined ? {} : { source: shown(plainSource(source)) }),
      ...(builder === undefined ? {} : { builder: shown(builder) }),
    },
  }
}

function plainSource(uri: string): string {
  return uri
    .replace(/^git\+/, '')
    .replace(/@refs\/.{0,500}$/, '')
    .replace(/\.git$/, '')
}

function shown(text: string): string {
  return printable(text.slice(0, 500))
}
