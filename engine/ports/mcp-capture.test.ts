import type { McpPort } from '@upkeep/contract'
import { ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { type LineProgram, startScriptOf } from '@upkeep/lab/servers/line-program'
import { afterEach, describe, expect, it } from 'vitest'
import { createMcpPort } from './mcp.ts'

const running: LineProgram[] = []
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop()
})

type Options = Partial<Parameters<McpPort['capture']>[1]>

async function capture(script: string, options: Options = {}) {
  const program = startScriptOf(script)
  running.push(program)
  const eras = ['discover', 'initialize'] as const
  const found = await createMcpPort().capture(program, { eras, timeoutMs: 4_000, maxBytes: 500_000, ...options })
  if (found.state === 'answered') ToolSurface.parse(found.surface)
  return found
}

/** A server whose answers by method are written as JavaScript; `seen` is what it was asked so far. */
function server(answers: Record<string, string>): string {
  return `const seen = []; const answers = {${Object.entries(answers).map(([method, code]) => `${JSON.stringify(method)}: (m) => (${code})`)}}
    require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const m = JSON.parse(line); seen.push(m.method)
      if (m.id === undefined) return
      const answer = answers[m.method]
      const body = answer ? { result: answer(m) } : { error: { code: -32601, message: 'CANARY' } }
      if (body.result !== 'silence') console.log(JSON.stringify({ jsonrpc: '2.0', id: m.id, ...body }))
    })`
}
const handshake = `({ protocolVersion: '2025-06-18', serverInfo: { name: 'x', version: '0.2.0' }, capabilities: { tools: {}, prompts: {}, resources: {} }, instructions: 'i' })`
const tool = `{ name: 't', description: 'd', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } }`
const old = {
  initialize: handshake,
  'tools/list': `m.params.cursor ? { tools: [{ name: 'u', inputSchema: {} }] } : { tools: [${tool}], nextCursor: '2' }`,
  'prompts/list': `({ prompts: [{ name: 'p', arguments: [{ name: 'a', required: true }] }] })`,
  'resources/list': `({ resources: [{ uri: 'x://y', name: 'r', text: 'content' }] })`,
}

describe('capturing over standard input and output', () => {
  it('lists everything that a server of the handshake era declares, page by page', async () => {
    expect(await capture(server(old))).toEqual({
      state: 'answered',
      surface: {
        transport: 'stdio',
        era: 'initialize',
        protocolVersion: '2025-06-18',
        serverInfo: { name: 'x', version: '0.2.0' },
        instructions: 'i',
        capabilities: ['prompts', 'resources', 'tools'],
        tools: [
          expect.objectContaining({ name: 't', title: null, description: 'd', taskSupport: 'required' }),
          expect.objectContaining({ name: 'u', description: null, taskSupport: null }),
        ],
        prompts: [
          { name: 'p', title: null, description: null, arguments: [{ name: 'a', description: null, required: true }] },
        ],
        resources: [{ uri: 'x://y', name: 'r', title: null, description: null, mimeType: null }],
        templates: [],
        timesListed: 1,
        toolsLater: null,
        why: '',
        truncated: false,
      },
    })
  })

  it('asks a server of 2026-07-28 without a handshake, and each message says what it speaks', async () => {
    const discover = `({ supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'new', version: '1' } } })`
    const list = `({ tools: [{ name: [...seen, m.params._meta['io.modelcontextprotocol/protocolVersion']].join(' '), inputSchema: {} }] })`
    expect(await capture(server({ 'server/discover': discover, 'tools/list': list }))).toMatchObject({
      surface: {
        era: 'discover',
        protocolVersion: '2026-07-28',
        serverInfo: { name: 'new' },
        tools: [{ name: 'server/discover tools/list 2026-07-28' }],
        prompts: [],
      },
    })
  })

  it('sees a description that changes at the third listing, and none where nothing changes', async () => {
    const third = `({ tools: [{ name: 't', inputSchema: {}, description: seen.filter((x) => x === 'tools/list').length > 2 ? 'new' : 'old' }] })`
    expect(await capture(server({ ...old, 'tools/list': third }), { lists: 3 })).toMatchObject({
      surface: { timesListed: 3, tools: [{ description: 'old' }], toolsLater: [{ description: 'new' }] },
    })
    expect(await capture(server(old), { lists: 3 })).toMatchObject({ surface: { timesListed: 3, toolsLater: null } })
  })

  it('asks an older server that is silent about what it does not know, in the other half of the time', async () => {
    expect(await capture(server({ ...old, 'server/discover': `'silence'` }), { timeoutMs: 2_000 })).toMatchObject({
      surface: { era: 'initialize', tools: [{ name: 't' }, { name: 'u' }] },
    })
  })

  it('answers what a server asks, and is not led astray by other ids, noise and notifications', async () => {
    const asks = `(console.log('noise'), console.log('{"jsonrpc":"2.0","id":"s","method":"roots/list"}'), console.log('{"jsonrpc":"2.0","id":999,"result":{}}'), ${handshake})`
    const names = `({ tools: [{ name: seen.join(' '), inputSchema: {} }] })`
    const found = await capture(server({ ...old, initialize: asks, 'tools/list': names }))
    expect(found).toMatchObject({ surface: { tools: [{ name: expect.stringContaining('initialize') }] } })
  })

  it.each<[string, string, object]>([
    ['ends at once', 'process.exit(1)', { code: 'unreachable', reason: expect.stringContaining('the program ended') }],
    ['never answers', 'setInterval(() => {}, 1000)', { code: 'timed-out' }],
    ['knows neither era', server({}), { code: 'not-supported', reason: expect.stringContaining('-32601') }],
    [
      'speaks a version that is none',
      server({ initialize: handshake.replace('2025', '1999') }),
      { code: 'not-supported' },
    ],
    [
      'floods',
      `setInterval(() => { for (let i = 0; i < 99; i += 1) console.log('x'.repeat(9000)) }, 1)`,
      { code: 'too-large' },
    ],
  ])('states the outcome when a program %s, and quotes nothing', async (_, script, expected) => {
    const startedAt = performance.now()
    const found = await capture(script, { timeoutMs: 1_500 })
    expect(found).toMatchObject({ state: 'unavailable', ...expected })
    expect(JSON.stringify(found)).not.toContain('CANARY')
    expect(performance.now() - startedAt).toBeLessThan(4_000)
  })
})
