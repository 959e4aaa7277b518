import { describe, expect, it } from 'vitest'
import { isLoopbackUrl } from './loopback-url.ts'

describe('loopback url', () => {
  it.each([
    ['http://127.0.0.1:3001/mcp', true],
    ['http://localhost/mcp', true],
    ['https://[::1]:1/', true],
    ['http://127.9.9.9', true],
    ['http://localhost.evil.example/', false],
    ['http://127.0.0.1.evil.example/', false],
    ['https://mcp.example.com/?u=http://127.0.0.1/', false],
  ])('%s is loopback: %s', (url, expected) => {
    expect(isLoopbackUrl(url)).toBe(expected)
  })
})
