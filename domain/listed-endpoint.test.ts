import { describe, expect, it } from 'vitest'
import { findListed } from './listed-endpoint.ts'
import { safeUrl } from './redaction/safe-url.ts'

const fingerprint = (text: string) => text.length.toString(16).padStart(16, '0')
const declared = (url: string) => {
  const shown = safeUrl(url, ['brace'], fingerprint)
  return { url: shown.url, urlSecrets: [...shown.secrets] }
}
const listed = [{ url: 'http://127.0.0.1:3001/mcp' }, { url: 'https://a.example/mcp?key=four' }]

describe('find listed', () => {
  it.each([
    ['http://127.0.0.1:3001/mcp', 0],
    ['HTTP://127.0.0.1:3001/mcp', 0],
    ['https://a.example/mcp?key=4444', 1],
    ['https://a.example/mcp?key=fives', null],
    ['https://a.example/mcp', null],
    ['https://a.example/mcp?other=four', null],
    ['http://127.0.0.1:3002/mcp', null],
    ['http://user@127.0.0.1:3001/mcp', null],
  ])('%s', (url, index) => {
    expect(findListed(declared(url), listed, fingerprint)).toBe(index === null ? null : listed[index])
  })

  it('takes a reference for whatever the client puts there', () => {
    const server = declared('https://a.example/mcp?key=four')
    const urlSecrets = [{ where: 'query key', value: { kind: 'reference' as const, text: '$' + '{KEY}' } }]
    expect(findListed({ ...server, urlSecrets }, listed, fingerprint)).toBe(listed[1])
  })

  it('finds nothing for a server without a URL', () => {
    expect(findListed({ url: null, urlSecrets: [] }, listed, fingerprint)).toBeNull()
  })
})
