import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { bundleToJSON } from '@sigstore/bundle'
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from '@sigstore/mock'
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs'
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, type Signature, type Signer } from '@sigstore/sign'
import { type Running, serve } from '@upkeep/lab/servers/loopback'

/** An authority of Sigstore that signs for real on loopback: it issues certificates, and keeps a log. */
export interface SigningAuthority {
  /** The trust root that names this authority and no other, as a `trusted_root.json`. */
  root: unknown
  /** A bundle of a build that the certificate says is of `repository`. */
  bundleOf(statement: unknown, options?: BundleOptions): Promise<SerializedBundle>
  close(): Promise<void>
}
export interface BundleOptions {
  repository?: string
  /** Signed with this key instead of a certificate. */
  key?: { hint: string; privateKey: KeyObject; publicKey: KeyObject }
  /** As bundles were until version 0.2. */
  certificateChain?: boolean
}
export type SerializedBundle = ReturnType<typeof bundleToJSON>

export async function startAuthority(): Promise<SigningAuthority> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ctlog = await initializeCTLog(pair)
  const ca = await initializeCA(pair, ctlog)
  const running: { handlers: ReturnType<typeof fulcioHandler>[] } = { handlers: [] }
  const server = await serve((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const handler = running.handlers.find((one) => one.path === request.url)
      const answer = await handler?.fn(Buffer.concat(chunks).toString('utf8'))
      response
        .writeHead(answer?.statusCode ?? 404, { 'content-type': answer?.contentType ?? 'text/plain' })
        .end(typeof answer?.response === 'object' ? bytesOf(answer.response) : answer?.response)
    })
  })
  const origin = new URL(server.url).origin
  const tlog = await initializeTLog(origin, pair)
  running.handlers = [fulcioHandler(ca), rekorHandler(tlog)]
  return {
    root: rootOf({ ca: ca.rootCertificate, ctlog, tlog, origin }),
    bundleOf: (statement, options = {}) => bundleOf(statement, options, server),
    close: server.close,
  }
}

interface Parts {
  ca: ArrayBufferView
  ctlog: { publicKey: Buffer; logID: ArrayBufferView }
  tlog: { publicKey: Buffer }
  origin: string
}

function rootOf({ ca, ctlog, tlog, origin }: Parts): unknown {
  const log = (publicKey: Buffer, keyId: Buffer) => ({
    baseUrl: origin,
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: {
      rawBytes: publicKey,
      keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
      validFor: { start: new Date(0) },
    },
    logId: { keyId },
    checkpointKeyId: undefined,
    operator: '',
  })
  return TrustedRoot.toJSON({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [log(tlog.publicKey, createHash('sha256').update(tlog.publicKey).digest())],
    ctlogs: [log(ctlog.publicKey, bytesOf(ctlog.logID))],
    timestampAuthorities: [],
    certificateAuthorities: [
      {
        subject: { commonName: 'sigstore', organization: 'sigstore.mock' },
        uri: origin,
        certChain: { certificates: [{ rawBytes: bytesOf(ca) }] },
        validFor: { start: new Date(0) },
        operator: '',
      },
    ],
  })
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

async function bundleOf(statement: unknown, options: BundleOptions, server: Running): Promise<SerializedBundle> {
  const origin = new URL(server.url).origin
  const repository = options.repository ?? 'acme/one'
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: `https://github.com/${repository}/.github/workflows/publish.yml@refs/tags/v1.0.0`,
    repository,
  }
  const token = ['{"alg":"none"}', JSON.stringify(claims), 'x'].map((one) => Buffer.from(one).toString('base64url'))
  const signer =
    options.key === undefined
      ? new FulcioSigner({ fulcioBaseURL: origin, identityProvider: { getToken: async () => token.join('.') } })
      : signerWith(options.key)
  const builder = new DSSEBundleBuilder({
    signer,
    witnesses: [new RekorWitness({ rekorBaseURL: origin, entryType: 'intoto' })],
    certificateChain: options.certificateChain ?? false,
  })
  const data = Buffer.from(JSON.stringify(statement))
  return bundleToJSON(await builder.create({ data, type: 'application/vnd.in-toto+json' }))
}

function signerWith({ hint, privateKey, publicKey }: NonNullable<BundleOptions['key']>): Signer {
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return {
    async sign(data: Buffer): Promise<Signature> {
      return { signature: sign('sha256', data, privateKey), key: { $case: 'publicKey', publicKey: pem, hint } }
    },
  }
}
