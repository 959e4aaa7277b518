import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Observation, observationKinds, serverSubject } from '@upkeep/contract'
import { openFiles } from '@upkeep/engine/ports/files'
import { createHttpPort } from '@upkeep/engine/ports/http'
import { openAnswers } from '@upkeep/engine/ports/kept-answers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registry as collector } from './collector.ts'

const filesystem = '@modelcontextprotocol/server-filesystem'
const root = mkdtempSync(join(tmpdir(), 'upkeep-registry-'))
const asked: { url: string | undefined; accept: string | undefined }[] = []
let registryUrl = ''

const answer = {
  _id: filesystem,
  name: filesystem,
  'dist-tags': { latest: '2026.8.31' },
  time: { '2.0.1': '2026-10-25T00:05:17.000Z' },
  versions: {
    '2.0.1': {
      name: filesystem,
      engines: { node: '>=24' },
      dist: { integrity: 'sha512-x' },
      scripts: { x: 'not kept' },
    },
    '2026.8.31': { engines: ['node >= 0.2'], deprecated: 'use 2.0.1' },
    '2026.7.4': { deprecated: '' },
  },
}
const cut = {
  name: filesystem,
  state: 'listed',
  distTags: { latest: '2026.8.31' },
  versions: [
    {
      version: '2.0.1',
      engines: '>=24',
      deprecated: false,
      publishedAt: '2026-10-25T00:05:17.000Z',
      integrity: 'sha512-x',
    },
    { version: '2026.7.4', engines: null, deprecated: false, publishedAt: null, integrity: null },
    {
      version: '2026.8.31',
      engines: null,
      deprecated: true,
      deprecation: 'use 2.0.1',
      publishedAt: null,
      integrity: null,
    },
  ],
}
const answers: Record<string, { status: number; body: string }> = {
  '/@modelcontextprotocol%2fserver-filesystem': { status: 200, body: JSON.stringify(answer) },
  '/gone': { status: 404, body: '{"error":"Not found"}' },
  '/closed': { status: 401, body: '{}' },
  '/not-allowed': { status: 405, body: '{}' },
  '/broken': { status: 503, body: '{}' },
  '/moved': { status: 301, body: '' },
  '/canary': { status: 200, body: 'canary {' },
  '/liar': { status: 200, body: JSON.stringify(answer) },
}
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  asked.push({ url: request.url, accept: request.headers.accept })
  const found = answers[request.url ?? ''] ?? { status: 404, body: '' }
  response.writeHead(found.status, { 'content-type': 'application/json' }).end(found.body)
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  registryUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/` : ''
})
afterAll(() => {
  server.close()
  rmSync(root, { recursive: true, force: true })
})

function resolved(name: string, ecosystem: 'npm' | 'PyPI' = 'npm'): Observation<'resolved-package'> {
  const facts = { name, ecosystem, pinned: false, installed: [], wouldRun: null, why: '' }
  return { kind: 'resolved-package', subject: serverSubject('cursor', '/mcp.json', name), state: 'seen', facts }
}

async function collect(
  names: string[],
  options: { online?: boolean; registry?: string[]; url?: string; aborted?: boolean } = {},
): Promise<Observation<'registry'>> {
  asked.length = 0
  const [observation] = await collector.collect({
    for: { per: 'fleet', places: [] },
    prior: { 'resolved-package': names.map((name) => resolved(name)), 'declared-server': [] },
    ports: {
      files: openFiles({ stateDir: null }).files,
      http: createHttpPort(),
      answers: openAnswers(mkdtempSync(join(root, 'answers-'))),
    },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: options.online ?? false,
      registryUrl: options.url ?? registryUrl,
      feeds: { osv: [], registry: options.registry ?? [] },
    },
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: options.aborted ?? false },
  })
  if (observation === undefined) throw new Error('no observation')
  if (observation.state === 'seen') observationKinds.registry.facts.parse(observation.facts)
  return observation
}

function file(name: string, value: unknown): string {
  const path = join(root, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

describe('live, with consent', () => {
  test('each answer is what it is: listed, absent, or not known', async () => {
    const names = [filesystem, 'gone', 'closed', 'not-allowed', 'broken', 'moved', 'canary', 'liar']
    const observation = await collect(names, { online: true })
    expect(observation).toMatchObject({
      state: 'seen',
      facts: {
        asked: 'live',
        packages: [cut, { name: 'gone', state: 'absent', versions: [] }],
        failed: [
          { name: 'broken', reason: 'the registry answered 503' },
          { name: 'canary', reason: 'the answer cannot be used: it is not a packument' },
          { name: 'closed', reason: 'the registry answered 401' },
          { name: 'liar', reason: 'the answer is about another package' },
          { name: 'moved', reason: 'the registry answered 301' },
          { name: 'not-allowed', reason: 'the registry answered 405' },
        ],
      },
    })
    expect(asked.every((one) => one.accept === 'application/json')).toBe(true)
  })

  test('what is no package name is never asked for', async () => {
    const names = ['../-/whoami', 'a?b=c', 'github:user/repo', '..', 'https://evil.example/x', `x${'y'.repeat(300)}`]
    expect(await collect([...names, 'gone'], { online: true })).toMatchObject({ facts: { failed: { length: 6 } } })
    expect(asked.map((one) => one.url)).toEqual(['/gone'])
  })

  test('nobody answers: unavailable, and no login is passed on', async () => {
    const url = 'http://user:canary@127.0.0.1:1/'
    const observation = await collect(['gone'], { online: true, url })
    expect(observation).toMatchObject({ state: 'unavailable', code: 'unreachable' })
    expect(JSON.stringify(observation)).not.toContain('canary')
  })

  test('time being up is said for each', async () => {
    expect(await collect(['gone'], { online: true, aborted: true })).toMatchObject({
      state: 'unavailable',
      reason: expect.stringContaining('time was up'),
    })
  })

  test('imported files stand in for what could not be had', async () => {
    const registry = [file('stand-in.json', { ...answer, name: 'broken' })]
    expect(await collect(['broken', 'gone'], { online: true, registry })).toMatchObject({
      facts: {
        packages: [
          { name: 'broken', state: 'listed' },
          { name: 'gone', state: 'absent' },
        ],
      },
    })
  })
})

describe('without consent', () => {
  test('imported packuments are cut to what is needed, and nobody is asked', async () => {
    const registry = [file('list.json', [answer, { ...answer, name: 'not-in-the-fleet' }])]
    const observation = await collect([filesystem, 'gone'], { registry })
    expect(observation).toMatchObject({
      facts: {
        asked: 'imported',
        packages: [cut],
        failed: [
          { name: 'gone', reason: 'it is not among the imported packuments, and no answer of the registry is kept' },
        ],
      },
    })
    expect(asked).toEqual([])
    expect(JSON.stringify(observation)).not.toContain('not kept')
  })

  test('a file that cannot be used is named', async () => {
    const bad = file('bad.json', 'canary')
    const observation = await collect([filesystem], { registry: [bad, file('good.json', answer)] })
    expect(observation).toMatchObject({ facts: { failed: [{ name: bad, reason: 'it is not a packument' }] } })
    expect(JSON.stringify(observation)).not.toContain('"canary"')
    expect(await collect([filesystem], { registry: [bad] })).toMatchObject({ state: 'unavailable', code: 'malformed' })
    const gone = await collect([filesystem], { registry: [join(root, 'gone.json')] })
    expect(gone).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('nothing is there') })
  })

  test('nothing imported: not consented; nothing to ask about: absent', async () => {
    expect(await collect([filesystem])).toMatchObject({ state: 'unavailable', code: 'not-consented' })
    expect(await collect([], { online: true })).toMatchObject({ state: 'absent' })
    expect(asked).toEqual([])
  })
})
