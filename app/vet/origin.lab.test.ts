import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type SigningAuthority, startAuthority } from '@upkeep/collectors/registry/testing/signing-authority'
import { provenanceOf, provenanceType } from '@upkeep/collectors/registry/testing/statements'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Installation,
  newInstallation,
  removeInstallation,
  upkeep,
  writeFiles,
} from '../../lab/e2e/installation.ts'
import { type Running, serve } from '../../lab/servers/loopback.ts'
import { buildTar, manifestEntry } from './testing/build-tar.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const name = 'notes-mcp'
const manifest = {
  license: 'MIT',
  bin: 'index.js',
  repository: { type: 'git', url: 'git+https://github.com/acme/notes.git' },
}
const parts = [manifestEntry(name, '1.0.0', manifest), { path: 'package/index.js', text: 'start()\n' }]
const tarball = gzipSync(buildTar(parts))
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`

let installation: Installation
let authority: SigningAuthority
let registry: Running
/** What the registry passes on, as each test wants it. */
let carried: { key: KeyObject | null; attestation: unknown } = { key: null, attestation: null }

beforeAll(async () => {
  authority = await startAuthority()
  registry = await serve((request, response) => {
    const answer = answerTo(request.url ?? '')
    if (answer === null) response.writeHead(404).end()
    else response.end(answer instanceof Buffer ? answer : JSON.stringify(answer))
  })
  installation = newInstallation()
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const keys = [{ keyid: 'SHA256:own', keytype: 'ecdsa-sha2-nistp256', key: spki, expires: null }]
  writeFiles(installation.cwd, {
    'trusted_root.json': JSON.stringify(authority.root),
    'keys.json': JSON.stringify({ keys }),
    'upkeep.yaml': 'version: 1\ntrust: { registryKeys: keys.json, sigstoreRoot: trusted_root.json }\n',
  })
})
afterAll(async () => {
  removeInstallation(installation)
  await Promise.all([registry.close(), authority.close()])
})

function answerTo(url: string): unknown {
  const { key, attestation } = carried
  const text = Buffer.from(`${name}@1.0.0:${integrity}`)
  const dist = {
    tarball: new URL('/t.tgz', registry.url).href,
    integrity,
    ...(key === null
      ? {}
      : { signatures: [{ keyid: 'SHA256:own', sig: sign('sha256', text, key).toString('base64') }] }),
    ...(attestation === null ? {} : { attestations: { url: registry.url } }),
  }
  const version = { name, version: '1.0.0', dist }
  if (url === '/t.tgz') return tarball
  if (url === `/${name}/1.0.0`) return version
  if (url === `/${name}`) return { name, 'dist-tags': { latest: '1.0.0' }, time: {}, versions: { '1.0.0': version } }
  return url === `/-/npm/v1/attestations/${name}@1.0.0` && attestation !== null ? { attestations: [attestation] } : null
}

async function attestationFrom(repository: string): Promise<unknown> {
  const statement = provenanceOf({ name, version: '1.0.0', integrity }, '', repository)
  const digest = { sha512: createHash('sha512').update(tarball).digest('hex') }
  const about = { ...statement, subject: statement.subject.map((one) => ({ ...one, digest })) }
  return {
    predicateType: provenanceType,
    bundle: await authority.bundleOf(about, { repository }),
  }
}

function vet(...more: string[]) {
  const env = { npm_config_registry: new URL(registry.url).origin }
  return upkeep(installation, ['vet', `npm:${name}@1.0.0`, '--online', ...more], { env })
}

async function asked() {
  const { exitCode, stdout, stderr } = await vet('--json')
  if (stdout === '') throw new Error(stderr)
  const output = JSON.parse(stdout)
  const rules = JSON.stringify(output.report.items)
  return { exitCode, origin: output.origin, rules }
}

test('a signature and a provenance that hold are verified, and where it was built is said', async () => {
  carried = { key: pair.privateKey, attestation: await attestationFrom('acme/notes') }
  const { stdout } = await vet()
  expect(stdout).toMatch(/signature: verified: /)
  expect(stdout).not.toContain('does not hold')
  expect(stdout).not.toContain('and names')
  expect(stdout).toMatch(/provenance: verified: .*github\.com\/acme\/notes/)
})

test('the same of another repository than the package names is a finding', async () => {
  carried = { key: pair.privateKey, attestation: await attestationFrom('nobody/notes') }
  const { exitCode, origin, rules } = await asked()
  expect(origin.provenance).toMatchObject({ state: 'verified', builtFrom: 'https://github.com/nobody/notes' })
  expect(rules).toContain('built-elsewhere')
  expect(exitCode).toBe(1)
})

test('a signature that does not fit has failed, and is a finding; no attestation is unavailable', async () => {
  carried = { key: foreign.privateKey, attestation: null }
  const { exitCode, origin, rules } = await asked()
  expect(origin).toMatchObject({
    signature: { state: 'failed', why: expect.stringContaining('does not fit') },
    provenance: { state: 'unavailable', why: 'unavailable from this registry' },
  })
  expect(rules).toContain('origin-not-proven')
  expect(exitCode).toBe(1)
})
