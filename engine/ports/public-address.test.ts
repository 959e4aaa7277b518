import { expect, test } from 'vitest'
import { createHttpPort } from './http.ts'
import { isInnerAddress } from './public-address.ts'

test.each([
  ['127.0.0.1', true],
  ['169.254.169.254', true],
  ['10.1.2.3', true],
  ['172.31.255.255', true],
  ['172.32.0.1', false],
  ['100.64.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', true],
  ['fd00::1', true],
  ['fe80::1', true],
  ['8.8.8.8', false],
  ['2606:4700::1', false],
  ['example.org', false],
])('inside or not: %s', (host, expected) => {
  expect(isInnerAddress(host)).toBe(expected)
})

test.each([
  'http://localhost:9/',
  'http://127.0.0.1:9/',
  'http://[::1]:9/',
  'http://[::ffff:7f00:1]:9/',
  'http://0x7f.1:9/',
])('a port for public addresses alone does not connect to %s', async (url) => {
  const request = { url, method: 'POST', headers: {}, timeoutMs: 2_000, maxBytes: 100 }
  const answer = await createHttpPort({ publicOnly: true }).exchange(request)
  expect(answer).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(/not a public one|does not allow/),
  })
})
