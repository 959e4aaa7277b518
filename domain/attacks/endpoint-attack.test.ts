import { AttackAtom } from '@upkeep/contract/attack-atom'
import type { HttpPort, HttpRequest } from '@upkeep/contract/ports'
import { expect, test } from 'vitest'
import { attackEndpoint, mayBeMadeInUse } from './endpoint-attack.ts'

const maps = { owaspMcp: [], owaspAgentic: [], safeMcp: [] }
const head = { id: 'call-from-a-page', version: 1, title: 'A call that a page elsewhere makes', over: 'http', maps }
const forged = { headers: { origin: 'http://evil.example' } }
const fromAPage = AttackAtom.parse({
  ...{ ...head, guard: 'origin', probe: 'forged-request' },
  with: { forged, refusedBy: [403] },
})

/** A server that keeps sessions, and looks at Origin or not. */
function server(looks: boolean): { http: HttpPort; open: Set<string>; sent: HttpRequest[] } {
  const open = new Set<string>()
  const sent: HttpRequest[] = []
  const exchange: HttpPort['exchange'] = async (request) => {
    sent.push(request)
    const head = { state: 'answered' as const, truncated: false, milliseconds: 1 }
    const { origin, 'mcp-session-id': session = '' } = request.headers ?? {}
    if (looks && origin !== undefined) return { ...head, status: 403, headers: {}, body: '' }
    if (request.method === 'DELETE') open.delete(session)
    const { id, method }: { id?: number; method?: string } = JSON.parse(request.body ?? '{}')
    const opened: Record<string, string> = method === 'initialize' ? { 'mcp-session-id': `session-${sent.length}` } : {}
    for (const one of Object.values(opened)) open.add(one)
    const body = id === undefined ? '' : JSON.stringify({ jsonrpc: '2.0', id, result: {} })
    return { ...head, status: 200, headers: { 'content-type': 'application/json', ...opened }, body }
  }
  return { http: { exchange }, open, sent }
}

test.each([
  [true, 'held'],
  [false, 'broken'],
] as const)('an endpoint that looks at Origin: %s is %s, and no session of ours stays open', async (looks, outcome) => {
  const { http, open, sent } = server(looks)
  const attempt = await attackEndpoint(fromAPage, http, { url: 'http://127.0.0.1:1/mcp', tokens: { own: 't0ken' } })
  expect(attempt).toMatchObject({ outcome })
  expect([...open]).toEqual([])
  expect(sent.some(({ method }) => method === 'DELETE')).toBe(true)
  expect(JSON.stringify(attempt)).not.toContain('t0ken')
  expect(sent.every(({ headers }) => headers?.['user-agent']?.includes('probe'))).toBe(true)
})

test('what calls tools, loads a server or needs files is not made on one in use', () => {
  const burst = AttackAtom.parse({ ...head, guard: 'rate', probe: 'burst', with: { requests: 200 } })
  const listing = AttackAtom.parse({
    ...head,
    guard: 'plain-listing',
    probe: 'listing',
    with: { times: 1, sign: 'hidden-text' },
  })
  const writing = AttackAtom.parse({
    ...head,
    guard: 'write-root',
    probe: 'write-outside',
    with: { tools: ['write'], argument: ['path'] },
  })
  expect([fromAPage, listing, burst, writing].map(mayBeMadeInUse)).toEqual([true, true, false, false])
})
