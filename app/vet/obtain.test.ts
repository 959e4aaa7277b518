import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UserError } from '@upkeep/contract'
import { type FeedServer, startFeedServer } from '@upkeep/engine/intel/testing/feed-server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ObtainCall, obtain } from './obtain.ts'
import { addressOf } from './obtained.ts'
import { buildTar, manifestEntry } from './testing/build-tar.ts'
import { buildSource, buildWheel } from './testing/python-archives.ts'

type Answer = (response: ServerResponse, headers: Record<string, unknown>) => void

const home = mkdtempSync(join(tmpdir(), 'upkeep-obtain-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const answers = new Map<string, Answer>()
let server: FeedServer
beforeAll(async () => {
  server = await startFeedServer(({ path, headers }, response) => {
    const answer = answers.get(path)
    if (answer === undefined) response.writeHead(404).end('canary')
    else answer(response, headers)
  })
})
afterAll(() => server.close())
afterEach(() => answers.clear())

const waits = { pageMs: 400, idleMs: 400, totalMs: 1_500 }

function call(over: Partial<ObtainCall> = {}): ObtainCall {
  const index = `${server.url}/simple/`
  const env = { npm_config_registry: server.url }
  const signal = new AbortController().signal
  return { cwd: home, home, env, online: true, index, signal, waits, ...over }
}

async function refusal(what: string, over: Partial<ObtainCall> = {}): Promise<string> {
  try {
    await obtain(what, call(over))
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.action}`
    throw error
  }
  throw new Error('it was obtained')
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const sends = (bytes: Buffer | string) => (response: ServerResponse) => void response.end(bytes)

interface Listed {
  filename: string
  url?: string
  hash?: string
  yanked?: boolean | string
}

/** The page of the index in its JSON form, as PEP 691 has it. */
function jsonPage(files: readonly Listed[]): Answer {
  const all = files.map(({ filename, url = `/files/${filename}`, hash, yanked }) => ({
    filename,
    url,
    hashes: hash === undefined ? {} : { sha256: hash },
    ...(yanked === undefined ? {} : { yanked }),
  }))
  const body = JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'notes-mcp', files: all })
  return (response) => response.writeHead(200, { 'content-type': 'application/vnd.pypi.simple.v1+json' }).end(body)
}

/** The same as HTML, as PEP 503 has it. */
function htmlPage(links: string): Answer {
  return (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><body>${links}</body>`)
}

const wheel = buildWheel('notes_mcp', '1.0.0')
const source = buildSource('notes_mcp', '1.0.0')
const wheelName = 'notes_mcp-1.0.0-py3-none-any.whl'

describe('pypi:', () => {
  test('the wheel before all others, held against the digest of the index', async () => {
    answers.set(
      '/simple/notes-mcp/',
      jsonPage([
        { filename: 'notes_mcp-1.0.0.tar.gz' },
        { filename: 'notes_mcp-1.0.0-cp312-cp312-win_amd64.whl' },
        { filename: 'notes_mcp-1.0.1-py3-none-any.whl' },
        { filename: wheelName, hash: sha256(wheel) },
      ]),
    )
    answers.set(`/files/${wheelName}`, sends(wheel))
    const got = await obtain('pypi:Notes.MCP==1.0', call())
    expect(got).toMatchObject({ integrity: 'verified', expected: { name: 'Notes.MCP', version: '1.0' } })
    expect(got.bytes.equals(wheel)).toBe(true)
    expect(got.notes).toEqual([`${wheelName} was judged, not the other 2 files of that version`])
  })

  test('the source archive where there is no wheel; an index of HTML; no digest stated', async () => {
    const link =
      '<a href="../../files/notes_mcp-1.0.0.tar.gz" data-requires-python="&gt;=3.8">notes_mcp-1.0.0.tar.gz</a>'
    answers.set('/simple/notes-mcp/', htmlPage(link))
    answers.set('/files/notes_mcp-1.0.0.tar.gz', sends(source))
    const got = await obtain('pypi:notes-mcp==1.0.0', call())
    expect(got).toMatchObject({ integrity: 'not stated', notes: [] })
    expect(got.bytes.equals(source)).toBe(true)
  })

  test.each([
    ['JSON', jsonPage([{ filename: wheelName, hash: sha256(wheel), yanked: 'broken' }])],
    ['HTML', htmlPage(`<a href="/files/${wheelName}#sha256=${sha256(wheel)}" data-yanked="">${wheelName}</a>`)],
  ])('what was withdrawn is obtained, and it is said (%s)', async (_name, page) => {
    answers.set('/simple/notes-mcp/', page)
    answers.set(`/files/${wheelName}`, sends(wheel))
    const got = await obtain('pypi:notes-mcp==1.0.0', call())
    expect(got.integrity).toBe('verified')
    expect(got.notes).toEqual(['its maker withdrew it from the index (yanked)'])
  })

  test.each([
    ['bytes of another digest', jsonPage([{ filename: wheelName, hash: sha256(source) }]), 'not those that the index'],
    ['a digest that is none', jsonPage([{ filename: wheelName, hash: 'abc' }]), 'the digest that the index states'],
    ['no such version', jsonPage([{ filename: 'notes_mcp-2.0.0-py3-none-any.whl' }]), 'no wheel and no source archive'],
    [
      'a file name with control characters',
      jsonPage([{ filename: 'notes_mcp-1.0.0-\u001b[2J-none-any.whl' }]),
      'no wheel',
    ],
    ['an address that is none', jsonPage([{ filename: wheelName, url: 'file:///etc/passwd' }]), 'no address'],
    ['an address with a password', jsonPage([{ filename: wheelName, url: 'http://a:b@127.0.0.1/x' }]), 'no address'],
    ['a missing file', jsonPage([{ filename: wheelName, url: '/gone' }]), 'answered with status 404'],
    ['another kind of answer', (response: ServerResponse) => void response.end('canary'), 'not that of a Python index'],
    ['405', (response: ServerResponse) => void response.writeHead(405).end('canary'), 'the index answered 405'],
    ['a hang', () => {}, 'no complete answer within'],
    [
      'a page that leads on',
      (response: ServerResponse) => void response.writeHead(302, { location: '/x' }).end(),
      '302',
    ],
  ] as const)('%s is refused with the reason, in time', async (_name, page, reason) => {
    answers.set('/simple/notes-mcp/', page)
    answers.set(`/files/${wheelName}`, sends(wheel))
    const started = performance.now()
    const told = await refusal('pypi:notes-mcp==1.0.0')
    expect(told).toContain(reason)
    expect(told).not.toContain('canary')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('an archive that never comes is not waited for without end', async () => {
    answers.set('/simple/notes-mcp/', jsonPage([{ filename: wheelName }]))
    answers.set(`/files/${wheelName}`, (response) => void response.writeHead(200).write('P'))
    expect(await refusal('pypi:notes-mcp==1.0.0')).toContain('within the time allowed')
  })

  test('a name that the index does not know', async () => {
    expect(await refusal('pypi:unknown==1.0.0')).toContain('the index does not know that name')
  })

  test("the index's password goes to the index and to nobody else", async () => {
    const other = await startFeedServer(({ headers }, response) => {
      told.push(String(headers.authorization))
      response.end(wheel)
    })
    const told: string[] = []
    answers.set('/simple/notes-mcp/', (response, headers) => {
      told.push(String(headers.authorization))
      jsonPage([{ filename: wheelName, url: '/files/leads-on' }])(response, headers)
    })
    answers.set('/files/leads-on', (response, headers) => {
      told.push(String(headers.authorization))
      response.writeHead(302, { location: `${other.url}/${wheelName}` }).end()
    })
    const index = server.url.replace('http://', 'http://ada:s3cret@')
    const got = await obtain('pypi:notes-mcp==1.0.0', call({ index: `${index}/simple` }))
    await other.close()
    const basic = `Basic ${Buffer.from('ada:s3cret').toString('base64')}`
    expect(told).toEqual([basic, basic, 'undefined'])
    expect(JSON.stringify({ ...got, bytes: '' })).not.toContain('s3cret')
  })
})

describe('the Python index of this machine', () => {
  const file = join(home, '.config', 'pip', 'pip.conf')
  afterEach(() => rmSync(file, { force: true }))

  test.each([
    ['PIP_INDEX_URL', (url: string) => ({ PIP_INDEX_URL: url })],
    ['UV_INDEX_URL', (url: string) => ({ UV_INDEX_URL: url, PIP_INDEX_URL: 'http://127.0.0.1:1/' })],
    ['UV_DEFAULT_INDEX', (url: string) => ({ UV_DEFAULT_INDEX: `corp=${url}`, UV_INDEX_URL: 'http://127.0.0.1:1/' })],
    ['pip.conf', () => ({})],
  ])('is the one of %s', async (from, env) => {
    mkdirSync(join(file, '..'), { recursive: true })
    const before = '[download]\nindex-url = http://127.0.0.1:1/\n'
    if (from === 'pip.conf') writeFileSync(file, `${before}[global]\nindex-url = ${server.url}/simple\n`)
    answers.set('/simple/notes-mcp/', jsonPage([{ filename: wheelName }]))
    answers.set(`/files/${wheelName}`, sends(wheel))
    const got = await obtain('pypi:notes-mcp==1.0.0', call({ index: undefined, env: env(`${server.url}/simple/`) }))
    expect(got.bytes.equals(wheel)).toBe(true)
  })

  test('must be an address; the text, which may hold a password, is not repeated', async () => {
    const told = await refusal('pypi:notes-mcp==1.0.0', { index: 'ftp://ada:s3cret@host/' })
    expect(told).toContain('is not an http or https address')
    expect(told).not.toContain('s3cret')
  })
})

describe('npm:', () => {
  const packed = gzipSync(buildTar([manifestEntry('@acme/notes', '1.0.0')]))
  const sha512 = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`
  const about = (more: object, dist: object = {}) =>
    sends(
      JSON.stringify({ name: '@acme/notes', version: '1.0.0', ...more, dist: { tarball: `${server.url}/t`, ...dist } }),
    )

  test('the tarball that the registry names, held against its digest', async () => {
    answers.set('/@acme%2fnotes/1.0.0', about({ deprecated: 'use another' }, { integrity: sha512(packed) }))
    answers.set('/t', sends(packed))
    const got = await obtain('npm:@acme/notes@1.0.0', call())
    expect(got).toMatchObject({ integrity: 'verified', notes: ['the registry says that it is deprecated'] })
    expect(got.bytes.equals(packed)).toBe(true)
  })

  test.each([
    ['another digest', () => about({}, { integrity: sha512(wheel) }), 'not those that the registry states'],
    ['no tarball', () => sends('{"dist":{}}'), 'names no tarball'],
    ['a tarball that is no address', () => about({}, { tarball: 'file:///etc/passwd' }), 'no address'],
    ['404', (): Answer => (response) => void response.writeHead(404).end(), 'does not know that version'],
    ['405', (): Answer => (response) => void response.writeHead(405).end(), 'the registry answered 405'],
    ['a hang', (): Answer => () => {}, 'no complete answer within'],
  ] as const)('%s is refused with the reason', async (_name, answer, reason) => {
    answers.set('/@acme%2fnotes/1.0.0', answer())
    answers.set('/t', sends(packed))
    expect(await refusal('npm:@acme/notes@1.0.0')).toContain(reason)
  })
})

test('nobody is asked without --online', async () => {
  const before = server.asked.length
  for (const what of ['npm:@acme/notes@1.0.0', 'pypi:notes-mcp==1.0.0'])
    expect(await refusal(what, { online: false })).toContain('--online')
  expect(server.asked).toHaveLength(before)
})

test.each([
  'npm:notes',
  'npm:notes@latest',
  'npm:notes@^1',
  'npm:../x@1.0.0',
  'pypi:notes',
  'pypi:notes>=1',
  'pypi:a/b==1',
])('%s names no package in one version', async (what) =>
  expect(await refusal(what)).toContain('names no package in one version'),
)

test.each([
  ['https://h.example/a/', 'http://h.example/b', 'without TLS'],
  ['https://h.example/a/', 'ftp://h.example/b', 'no address'],
  ['https://h.example/a/', 'https://ada:x@h.example/b', 'no address'],
])('an answer of %s that names %s is refused', (page, named, why) => {
  expect(() => addressOf(named, new URL(page))).toThrow(why)
})
test('an address beside the page is taken from there', () => {
  expect(addressOf('../b#sha256=0', new URL('https://h.example/a/c/')).href).toBe('https://h.example/a/b')
})
