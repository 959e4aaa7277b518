import { generateKeyPairSync, sign } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Facts, type Observation, observationKinds, type Settings, serverSubject } from '@upkeep/contract'
import { openFiles } from '@upkeep/engine/ports/files'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { openAnswers } from '@upkeep/engine/ports/kept-answers'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { aFewAtOnce, createAsker } from './ask-bounded.ts'
import { registry as collector } from './collector.ts'
import { type SigningAuthority, startAuthority } from './testing/signing-authority.ts'
import { type Published, provenanceOf, provenanceType, publishedAs } from './testing/statements.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-signed-'))
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const one = publishedAs('@acme/one', '1.0.0', 'one')
const part = publishedAs('part', '2.0.0', 'part')
const partDocument = '/-/npm/v1/attestations/part@2.0.0'

type Answer = { status: number; body: string; headers?: Record<string, string> } | 'hangs'
let answers: Record<string, Answer> = {}
let asked: string[] = []
let registry: Running
let authority: SigningAuthority
let attested: string
let folder = ''

const json = (value: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  headers,
})
const sigOf = (of: Published, key = pair) => [
  {
    keyid: 'SHA256:own',
    sig: sign('sha256', Buffer.from(`${of.name}@${of.version}:${of.integrity}`), key.privateKey).toString('base64'),
  },
]
const keyList = (expires: string | null = null) => ({
  keys: [
    {
      keyid: 'SHA256:own',
      keytype: 'ecdsa-sha2-nistp256',
      key: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      expires,
    },
  ],
})

function packument(of: Published, dist: Record<string, unknown>, publishedAt = '2024-06-01T00:00:00.000Z') {
  return {
    name: of.name,
    'dist-tags': { latest: of.version },
    time: { [of.version]: publishedAt },
    maintainers: [{ name: 'ada' }],
    versions: {
      [of.version]: {
        dist: { tarball: 'http://127.0.0.1:1/never-fetched.tgz', integrity: of.integrity, ...dist },
        maintainers: [{ name: 'ada' }],
        _npmUser: { name: 'ada' },
      },
    },
  }
}

beforeAll(async () => {
  authority = await startAuthority()
  const bundle = await authority.bundleOf(provenanceOf(part, 'part'))
  attested = JSON.stringify({ attestations: [{ predicateType: provenanceType, bundle }] })
  writeFileSync(join(root, 'trusted_root.json'), JSON.stringify(authority.root))
  registry = await serve((request, response) => {
    asked.push(request.url ?? '')
    const answer = answers[request.url ?? ''] ?? { status: 404, body: '' }
    if (answer === 'hangs') return
    const unchanged = answer.headers?.etag !== undefined && request.headers['if-none-match'] === answer.headers.etag
    response.writeHead(unchanged ? 304 : answer.status, answer.headers).end(unchanged ? '' : answer.body)
  })
})
afterAll(async () => {
  await Promise.all([registry.close(), authority.close()])
  rmSync(root, { recursive: true, force: true })
})
beforeEach(() => {
  asked = []
  folder = mkdtempSync(join(root, 'state-'))
  answers = {
    '/@acme%2fone': json(packument(one, { signatures: sigOf(one) }), { etag: '"one"' }),
    '/part': json(packument(part, { signatures: sigOf(part), attestations: { url: 'http://127.0.0.1:1/x' } })),
    '/-/npm/v1/keys': json(keyList()),
    [partDocument]: { status: 200, body: attested },
  }
})

/** A server that starts `@acme/one` and brings `part` along. */
function installed(): Observation<'resolved-package'> {
  const components = [one, part].map(({ name, version }) => ({
    ecosystem: 'npm' as const,
    name,
    version,
    path: `node_modules/${name}`,
    digest: null,
  }))
  const copy = {
    where: 'npx-cache' as const,
    root: '/tree',
    version: one.version,
    cacheKey: null,
    requested: null,
    engines: null,
    digest: null,
    components,
    problems: [],
  }
  return {
    kind: 'resolved-package',
    subject: serverSubject('cursor', '/mcp.json', 'crm'),
    state: 'seen',
    facts: { name: one.name, ecosystem: 'npm', pinned: true, installed: [copy], wouldRun: 0, why: '' },
  }
}

async function look(over: Partial<Settings> = {}, at = '2026-11-22T09:00:00.000Z'): Promise<Observation<'registry'>> {
  const progress: string[] = []
  const [observation] = await collector.collect({
    for: { per: 'fleet', places: [] },
    prior: { 'resolved-package': [installed()], 'declared-server': [] },
    ports: { files: openFiles({ stateDir: null }).files, http: createHttpPort(), answers: openAnswers(folder) },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: true,
      registryUrl: new URL(registry.url).origin,
      feeds: { osv: [], registry: [] },
      trust: { sigstoreRoot: join(root, 'trusted_root.json') },
      ...over,
    },
    at,
    signal: { aborted: false },
    progress: (what) => progress.push(what),
  })
  if (observation?.state === 'seen') observationKinds.registry.facts.parse(observation.facts)
  if (over.online !== false) expect(progress).toContain('asking the registry: 2 of 2 packages')
  if (observation === undefined) throw new Error('no observation')
  return observation
}

async function facts(over: Partial<Settings> = {}): Promise<Facts<'registry'>> {
  const observation = await look(over)
  if (observation.state !== 'seen') throw new Error(observation.reason)
  return observation.facts
}

const versionOf = (seen: Facts<'registry'>, of: Published) =>
  seen.packages.find((each) => each.name === of.name)?.versions.find((each) => each.version === of.version)

describe('a registry that signs', () => {
  test('every package of the tree is asked about, signatures and attestations are checked here', async () => {
    const seen = await facts()
    expect(asked.toSorted()).toEqual(['/-/npm/v1/attestations/part@2.0.0', '/-/npm/v1/keys', '/@acme%2fone', '/part'])
    expect(versionOf(seen, one)).toMatchObject({ signed: true, signature: { state: 'verified' }, publisher: 'ada' })
    expect(versionOf(seen, part)).toMatchObject({
      signature: { state: 'verified' },
      provenance: { state: 'verified', source: 'https://github.com/acme/one' },
    })
    expect(seen.trust).toEqual({
      keys: '2 keys of npm that arrived with upkeep, 1 key of the registry since 2026-11-22',
      root: 'your own file',
    })
  })

  test('a digest that was changed after signing: failed', async () => {
    const other = publishedAs(part.name, part.version, 'tampered')
    const dist = { signatures: sigOf(part), attestations: { url: 'x' } }
    answers['/part'] = json(packument(other, dist))
    expect(versionOf(await facts(), part)).toMatchObject({
      signature: { state: 'failed', why: expect.stringContaining('does not fit') },
      provenance: { state: 'failed', why: expect.stringContaining('other bytes') },
    })
  })

  test('a key that the registry does not give, one that expired before, one that is not the owner’s: failed', async () => {
    answers['/-/npm/v1/keys'] = json({ keys: [] })
    expect(versionOf(await facts(), one)?.signature).toMatchObject({ state: 'failed' })
    answers['/-/npm/v1/keys'] = json(keyList('2024-01-01T00:00:00.000Z'))
    expect(versionOf(await facts(), one)?.signature).toMatchObject({
      state: 'failed',
      why: 'signed with key SHA256:own after it had expired on 2024-01-01',
    })
    const path = join(root, 'owner-keys.json')
    writeFileSync(path, JSON.stringify({ keys: [] }))
    expect(versionOf(await facts({ trust: { registryKeys: path } }), one)?.signature?.state).toBe('unavailable')
    writeFileSync(path, JSON.stringify({ keys: [{ ...keyList().keys[0], keyid: 'SHA256:other' }] }))
    const pinned = await facts({ trust: { registryKeys: path } })
    expect(versionOf(pinned, one)?.signature?.state).toBe('failed')
    expect(pinned.trust?.keys).toBe('1 key of your own file')
  })

  test('a registry that later gives another key under the same id changes nothing', async () => {
    await facts()
    const key = foreign.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    answers['/-/npm/v1/keys'] = json({ keys: [{ ...keyList().keys[0], key }] })
    answers['/part'] = json(packument(part, { signatures: sigOf(part, foreign) }))
    const seen = await facts()
    expect(versionOf(seen, one)?.signature?.state).toBe('verified')
    expect(versionOf(seen, part)?.signature?.state).toBe('failed')
  })

  test('an attestation of another package: failed', async () => {
    const bundle = await authority.bundleOf(provenanceOf(one, 'one'))
    answers[partDocument] = json({ attestations: [{ predicateType: provenanceType, bundle }] })
    expect(versionOf(await facts(), part)?.provenance).toEqual({
      state: 'failed',
      why: 'its provenance is about another package: pkg:npm/%40acme/one@1.0.0',
    })
  })

  test('the trust root that arrives does not name this authority: failed, and the root says how old it is', async () => {
    const seen = await facts({ trust: {} })
    expect(versionOf(seen, part)?.provenance?.state).toBe('failed')
    expect(seen.trust?.root).toMatch(/^Sigstore, as it arrived with upkeep; vouched for until 20\d\d-\d\d-\d\d$/)
  })
})

describe('attestations that cannot be had are unavailable, never verified', () => {
  test.each<[string, Answer, string]>([
    ['404', { status: 404, body: '{}' }, 'the registry answered 404'],
    ['405', { status: 405, body: '{}' }, 'the registry answered 405'],
    ['rubbish', { status: 200, body: 'canary {' }, 'the answer holds no attestations'],
    [
      'too much',
      { status: 200, body: `{"attestations":[],"x":"${'x'.repeat(3 << 20)}"}` },
      'larger than 2097152 bytes',
    ],
  ])('%s', async (_name, answer, why) => {
    answers[partDocument] = answer
    const found = versionOf(await facts(), part)?.provenance
    expect(found).toEqual({ state: 'unavailable', why: expect.stringContaining(why) })
    expect(found?.why).not.toContain('canary')
  })

  test('a trust root that is not there', async () => {
    const seen = await facts({ trust: { sigstoreRoot: join(root, 'gone.json') } })
    expect(versionOf(seen, part)?.provenance).toEqual({
      state: 'unavailable',
      why: 'the file of the trust root is not there',
    })
  })

  test('a registry that carries neither: nothing is claimed, nothing more is asked', async () => {
    answers['/@acme%2fone'] = json(packument(one, {}))
    answers['/part'] = json(packument(part, {}))
    const seen = await facts()
    expect(versionOf(seen, one)).toMatchObject({ signed: false, attested: false })
    expect(versionOf(seen, one)).not.toHaveProperty('signature')
    expect(seen.trust).toBeUndefined()
    expect(asked.toSorted()).toEqual(['/@acme%2fone', '/part'])
  })
})

describe('answers are kept', () => {
  test('offline, what was kept is checked again, with its day; attestations are not asked for twice', async () => {
    await facts()
    asked = []
    await facts()
    expect(asked).not.toContain(partDocument)
    asked = []
    const offline = await facts({ online: false })
    expect(asked).toEqual([])
    expect(offline.asked).toBe('kept')
    expect(offline.packages.map((each) => each.keptSince)).toEqual(Array(2).fill('2026-11-22T09:00:00.000Z'))
    expect(versionOf(offline, part)).toMatchObject({
      signature: { state: 'verified' },
      provenance: { state: 'verified' },
    })
  })

  test('an unchanged answer is not sent again, and counts as given now', async () => {
    await facts()
    const later = await look({}, '2026-11-25T09:00:00.000Z')
    expect(later).toMatchObject({ facts: { asked: 'live', packages: [{ name: '@acme/one' }, { name: 'part' }] } })
    const offline = await look({ online: false }, '2026-11-26T09:00:00.000Z')
    expect(offline).toMatchObject({ facts: { packages: [{ keptSince: '2026-11-25T09:00:00.000Z' }, {}] } })
  })

  test('a registry that fails later: the earlier answer stands in, and says since when', async () => {
    await facts()
    answers['/part'] = { status: 503, body: '' }
    const seen = await facts()
    expect(seen.failed).toEqual([])
    expect(seen.packages.find((each) => each.name === 'part')).toHaveProperty('keptSince')
    expect(seen.packages.find((each) => each.name === one.name)).not.toHaveProperty('keptSince')
  })

  test('an answer that is older than a month is not believed, one that was damaged is gone', async () => {
    await facts()
    expect(await look({ online: false }, '2027-01-22T09:00:00.000Z')).toMatchObject({
      state: 'unavailable',
      code: 'not-consented',
    })
    for (const name of readdirSync(folder)) appendFileSync(join(folder, name), ' ')
    expect(await look({ online: false })).toMatchObject({ state: 'unavailable', code: 'not-consented' })
  })

  test('attestations can be imported beside packuments', async () => {
    const imported = join(root, 'imported')
    mkdirSync(imported, { recursive: true })
    const put = (name: string, body: string) => {
      writeFileSync(join(imported, name), body)
      return join(imported, name)
    }
    const files = [
      put('one.json', JSON.stringify(packument(one, { signatures: sigOf(one) }))),
      put('part.json', JSON.stringify(packument(part, { attestations: { url: 'x' } }))),
      put('attestations.json', attested),
      put('keys.json', JSON.stringify(keyList())),
    ]
    const trust = { sigstoreRoot: join(root, 'trusted_root.json'), registryKeys: files.pop() ?? '' }
    const seen = await facts({ online: false, feeds: { osv: [], registry: files }, trust })
    expect(seen.asked).toBe('imported')
    expect(versionOf(seen, one)?.signature?.state).toBe('verified')
    expect(versionOf(seen, part)?.provenance?.state).toBe('verified')
    expect(asked).toEqual([])
  })
})

describe('a registry that hangs', () => {
  const bounds = { answerTimeoutMs: 50, signal: { aborted: false } }

  test('is given up after a few answers that did not come, and the rest is said not to have been asked', async () => {
    answers = { '/x': 'hangs' }
    const asker = createAsker(createHttpPort(), { ...bounds, until: performance.now() + 60_000 })
    const reasons: string[] = []
    await aFewAtOnce(
      Array.from({ length: 100 }, () => `${new URL(registry.url).origin}/x`),
      4,
      async (url) => {
        const answer = await asker.ask(url, { maxBytes: 1_000, etag: null })
        reasons.push(answer.state === 'unavailable' ? answer.reason : 'answered')
      },
    )
    expect(asked.length).toBeLessThan(12)
    expect(reasons.filter((reason) => reason.startsWith('not asked'))).toHaveLength(100 - asked.length)
  })

  test('cannot hold a round beyond its time', async () => {
    answers = { '/x': 'hangs' }
    const until = performance.now() + 100
    const asker = createAsker(createHttpPort(), { ...bounds, answerTimeoutMs: 60_000, until })
    const ask = () => asker.ask(`${new URL(registry.url).origin}/x`, { maxBytes: 1_000, etag: null })
    expect(await ask()).toMatchObject({ state: 'unavailable', code: 'timed-out' })
    expect(await ask()).toMatchObject({ reason: 'time was up' })
    expect(asked).toHaveLength(1)
  })
})
