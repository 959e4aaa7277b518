import { serve } from '@upkeep/lab/servers/loopback'
import { openHook } from '@upkeep/lab/servers/webhook'
import { expect, test } from 'vitest'
import { openOutgoing } from './outgoing.ts'

const post = (url: string) => ({ url, method: 'POST', body: '{}', headers: {}, timeoutMs: 2_000, maxBytes: 1_000 })

test.each([
  ['http://example.org/', /only https/],
  ['http://127.0.0.1:9/', /only https/],
  ['https://127.0.0.1:9/', /not a public one/],
  ['https://localhost:9/', /does not allow/],
  ['https://[::1]:9/', /not a public one/],
  ['https://[::ffff:127.0.0.1]:9/', /not a public one/],
  ['https://[::ffff:a9fe:a9fe]/', /not a public one/],
  ['https://[64:ff9b::7f00:1]/', /not a public one/],
  ['https://0x7f000001/', /not a public one/],
  ['https://2130706433/', /not a public one/],
  ['https://017700000001/', /not a public one/],
  ['https://127.1/', /not a public one/],
  ['https://169.254.169.254/latest/meta-data/', /not a public one/],
  ['https://10.0.0.5/', /not a public one/],
  ['https://user:secret@example.org/', /may not carry/],
  ['file:///etc/passwd', /only https/],
  ['ftp://example.org/', /only https/],
  ['not an address', /no URL/],
])('nothing goes to %s', async (url, reason) => {
  expect(await openOutgoing(['192.168.7.7']).exchange(post(url))).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(reason),
  })
})

test('a host that its owner listed is reached, also without TLS; the same host on another port is not', async () => {
  const hook = await openHook()
  try {
    expect(await openOutgoing([`127.0.0.1:${hook.port}`]).exchange(post(hook.url))).toMatchObject({ status: 200 })
    expect(await openOutgoing(['127.0.0.1:9']).exchange(post(hook.url))).toMatchObject({ state: 'unavailable' })
    expect(await openOutgoing([]).exchange(post(hook.url))).toMatchObject({ state: 'unavailable' })
    expect(hook.posts).toHaveLength(1)
  } finally {
    await hook.close()
  }
})

test('a redirect is an answer and is not followed; a long answer is cut; a slow one ends', async () => {
  const hook = await openHook()
  const other = await serve((request, response) => {
    if (request.url === '/redirect') response.writeHead(307, { location: hook.url }).end()
    else if (request.url === '/long') response.end('x'.repeat(100_000))
    else response.write('x')
  })
  const { port } = other
  const outgoing = openOutgoing(['127.0.0.1'])
  try {
    const at = (path: string) => outgoing.exchange({ ...post(`http://127.0.0.1:${port}${path}`), timeoutMs: 500 })
    expect(await at('/redirect')).toMatchObject({ status: 307 })
    expect(await at('/long')).toMatchObject({ truncated: true })
    expect(await at('/slow')).toMatchObject({ code: 'timed-out' })
    expect(hook.posts).toEqual([])
  } finally {
    await Promise.all([hook.close(), other.close()])
  }
})

test.each([
  ['127.0.0.1', [], { code: 'not-supported' }],
  ['localhost', [], { code: 'not-supported' }],
  ['::ffff:10.0.0.1', [], { code: 'not-supported' }],
  ['localhost', ['localhost:25'], { state: 'found', isInner: true }],
  ['localhost', ['localhost:26'], { code: 'not-supported' }],
  ['8.8.8.8', [], { state: 'found', isInner: false, address: '8.8.8.8' }],
  ['no-such-host.invalid', [], { state: 'unavailable', code: 'unreachable' }],
])('an address for mail: %s, with %j listed', async (host, inner, expected) => {
  expect(await openOutgoing(inner).addressOf(host, 25)).toMatchObject(expected)
})
