import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startFeedServer } from '../intel/testing/feed-server.ts'
import { download } from './intel-download.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-download-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const bounds = { idleMs: 300, totalMs: 2_000, maxBytes: 1_000 }

async function fetched(answer: (response: ServerResponse, path: string) => void) {
  const server = await startFeedServer(({ path }, response) => answer(response, path))
  const file = join(mkdtempSync(join(root, 'case-')), 'feed')
  try {
    const result = await download(`${server.url}/feed.json`, file, new AbortController().signal, bounds)
    return { result, bytes: existsSync(file) ? readFileSync(file) : null }
  } finally {
    await server.close()
  }
}

test('bytes as they are, through a redirect', async () => {
  const sent = Buffer.from([0x1f, 0x8b, 0x00, 0xff])
  const { result, bytes } = await fetched((response, path) => {
    if (path === '/feed.json') response.writeHead(302, { location: '/today.json' }).end()
    else response.end(sent)
  })
  expect(result).toEqual({ state: 'fetched', bytes: 4 })
  expect(bytes).toEqual(sent)
})

test.each([
  ['405', (response: ServerResponse) => response.writeHead(405).end('canary'), 'unreachable', 'status 405'],
  [
    'in circles',
    (response: ServerResponse) => response.writeHead(302, { location: '/feed.json' }).end(),
    'unreachable',
    'more than 5 times',
  ],
  [
    'to a file',
    (response: ServerResponse) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'not-supported',
    'not an http',
  ],
  ['too large', (response: ServerResponse) => response.end(Buffer.alloc(1_001)), 'too-large', 'larger than 1000'],
  [
    'cut off',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-length': '900' }).write('{', () => response.destroy()),
    'unreachable',
    'closed',
  ],
  ['no answer', () => {}, 'timed-out', 'within the time allowed'],
  [
    'half an answer',
    (response: ServerResponse) => response.writeHead(200).write('{'),
    'timed-out',
    'within the time allowed',
  ],
] as const)('%s: refused with the reason', async (_name, answer, code, reason) => {
  const started = performance.now()
  const { result } = await fetched((response) => void answer(response))
  expect(result).toMatchObject({ state: 'unavailable', code, reason: expect.stringContaining(reason) })
  expect(JSON.stringify(result)).not.toContain('canary')
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('drop by drop is not forever', async () => {
  const { result } = await fetched((response) => {
    const drip = setInterval(() => response.write('x'), 100)
    response.on('close', () => clearInterval(drip))
  })
  expect(result).toMatchObject({ code: 'timed-out' })
})

test('nothing is there; nothing that is an address', async () => {
  const signal = new AbortController().signal
  const file = join(root, 'none')
  expect(await download('http://127.0.0.1:9/x', file, signal, bounds)).toMatchObject({ state: 'unavailable' })
  expect(await download('ftp://example.org/x', file, signal, bounds)).toMatchObject({ code: 'not-supported' })
})
