import { expect, test } from 'vitest'
import { afterCall, gatewayCall } from './gateway-calls.ts'
import { documentOf, entriesIn, type GatewayEntry, readGatewayAnswer } from './gateway-entries.ts'

const fs: GatewayEntry = { type: 'stdio', command: 'npx', args: ['-y', 'fs@1'], sessionMode: 'shared' }
const web: GatewayEntry = { type: 'http', url: 'https://mcp.example.org/mcp', headers: {} }

test.each<[string, GatewayEntry | null, GatewayEntry | null, string]>([
  ['adding', null, fs, 'POST'],
  ['taking out', fs, null, 'DELETE'],
  ['other arguments', fs, { ...fs, args: ['-y', 'fs@2'] }, 'PUT'],
  ['another address', web, { ...web, url: 'https://mcp.example.org/other?v=2' }, 'PUT'],
])('%s is one call, and what the gateway has then is what was meant', (_, from, to, method) => {
  const call = gatewayCall('fs', from, to)
  if ('state' in call) throw new Error(call.reason)
  expect(call.method).toBe(method)
  expect(afterCall(from, call)).toEqual(to)
})

test('only what differs is sent, and a name is no way to another address', () => {
  expect(gatewayCall('a/b?c', fs, { ...fs, args: [] })).toEqual({
    method: 'PUT',
    path: '/api/servers/config/a%2Fb%3Fc',
    body: '{"args":[]}',
  })
})

test.each<[string, string, GatewayEntry | null, GatewayEntry, RegExp]>([
  ['a part that is taken away', 'fs', { ...fs, cwd: '/srv' }, fs, /cannot take a part/],
  ['another kind', 'fs', web, fs, /another kind/],
  ['a name that it writes small', 'FS', null, fs, /writes names small/],
  ['a slash that it takes away', 'web', null, { ...web, url: 'https://mcp.example.org/mcp/' }, /otherwise/],
  ['a port that it takes away', 'web', null, { ...web, url: 'https://mcp.example.org:443/mcp' }, /otherwise/],
  ['a host that it writes small', 'web', null, { ...web, url: 'https://MCP.example.org/mcp' }, /otherwise/],
  ['a path that it straightens', 'web', null, { ...web, url: 'https://mcp.example.org/a/../mcp' }, /otherwise/],
])('%s is refused before there is a plan', (_, name, from, to, reason) => {
  expect(gatewayCall(name, from, to)).toMatchObject({ state: 'refused', reason: expect.stringMatching(reason) })
})

test('what a gateway tells of the moment is no part of an entry; what cannot be given back is named', () => {
  const told = { name: 'fs', ...fs, exchangeCount: 3, processState: { pid: 7 }, tags: ['x'] }
  const read = readGatewayAnswer(JSON.stringify({ servers: [told, { name: 'odd', type: 'carrier-pigeon' }] }))
  expect(read?.entries.get('fs')).toEqual(fs)
  expect(read?.besides.get('fs')).toEqual(['tags'])
  expect(read?.broken).toEqual(['odd'])
  const text = documentOf(read ?? { entries: new Map(), broken: [] })
  expect(JSON.parse(text).mcpServers).toEqual({ fs, odd: null })
  expect([...(entriesIn(text) ?? [])]).toEqual([['fs', fs]])
})

test.each([
  ['no JSON', '<html>'],
  ['no list', '{"servers":{}}'],
  ['no names', '{"servers":[{}]}'],
])('%s is no answer', (_, body) => {
  expect(readGatewayAnswer(body)).toBeNull()
})

test('an entry with a key that the API does not take is none', () => {
  expect(entriesIn(JSON.stringify({ mcpServers: { fs: { ...fs, tools: ['*'] } } }))).toBeNull()
})
