import { spawnSync } from 'node:child_process'
import { chmodSync, globSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { sandboxHere } from '../servers/under-test.ts'
import { newInstallation, removeInstallation, upkeep, writeFiles } from './installation.ts'

const Output = z.object({
  servers: z.array(
    z.object({
      subject: z.object({ name: z.string() }),
      proven: z.object({ results: z.array(z.object({ outcome: z.string(), detail: z.string() })) }).nullable(),
    }),
  ),
})

// Both answer the two questions that a probe begins with; each rests on something that only its own tree has.
const python = `import json, sys, greeting
for line in sys.stdin:
    ask = json.loads(line)
    if 'id' not in ask: continue
    answers = {'initialize': {'protocolVersion': '2025-06-18', 'capabilities': {'tools': {}}, 'serverInfo': {'name': greeting.word, 'version': '1'}}, 'tools/list': {'tools': []}}
    print(json.dumps({'jsonrpc': '2.0', 'id': ask['id'], 'result': answers.get(ask['method'], {})}), flush=True)
`
const javascript = `if (!process.execPath.startsWith('/runtime/own/')) process.exit(9)
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line)
  const answers = { initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'js', version: '1' } }, 'tools/list': { tools: [] } }
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] ?? {} }))
})`

const hasPython = spawnSync('python3', ['-m', 'venv', '--help']).status === 0
const isolates = !('state' in (await sandboxHere()))

describe.skipIf(!isolates || !hasPython)('trees as people have them, run in the sandbox', () => {
  // A name of words and numbers: a path drawn at random would be hidden as a secret.
  const place = join(tmpdir(), `upkeep-trees-${process.pid}`)
  const installation = newInstallation(place)
  afterAll(() => {
    removeInstallation(installation)
    rmSync(place, { recursive: true, force: true })
  })
  const at = (path: string) => join(place, path)

  beforeAll(() => {
    expect(spawnSync('python3', ['-m', 'venv', '--without-pip', at('py/venv')]).status).toBe(0)
    const packages = globSync(at('py/venv/lib/python3*/site-packages'))[0] ?? ''
    writeFiles(packages, {
      'greeting.py': "word = 'hello'",
      'greeting-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n',
      'greeting-1.0.dist-info/RECORD':
        'greeting.py,,\ngreeting-1.0.dist-info/METADATA,,\ngreeting-1.0.dist-info/RECORD,,\n',
    })
    const node = at('.nvm/versions/node/v24/bin/node')
    mkdirSync(join(node, '..'), { recursive: true })
    symlinkSync(process.execPath, node)
    writeFiles(place, {
      'py/server.py': python,
      'js/package.json': '{"name":"js","version":"1.0.0"}',
      'js/index.js': javascript,
      '.cursor/mcp.json': JSON.stringify({
        mcpServers: {
          environment: { command: at('py/venv/bin/python'), args: [at('py/server.py')] },
          version: { command: node, args: [at('js/index.js')] },
        },
      }),
    })
  })

  async function proven(...words: string[]) {
    const { stdout } = await upkeep(installation, ['--json', 'prove', ...words])
    const { servers } = Output.parse(JSON.parse(stdout))
    return Object.fromEntries(servers.map(({ subject, proven }) => [subject.name, proven?.results ?? []]))
  }

  test('an environment of Python, and a Node.js of a version manager: each is spoken to with its own interpreter', async () => {
    for (const name of ['environment', 'version'])
      expect((await upkeep(installation, ['accept', name, '--run'])).exitCode).toBe(0)
    const one = [{ outcome: 'not-applicable', detail: 'none of its resource templates has an exploded variable' }]
    expect(await proven('--all')).toMatchObject({ environment: one, version: one })
  })

  test.skipIf(process.getuid?.() !== 0)('a tree that only root may read: said so, and what to do', async () => {
    chmodSync(at('js'), 0o700)
    const [result] = (await proven('version')).version ?? []
    expect(result).toMatchObject({ outcome: 'inconclusive' })
    expect(result?.detail).toMatch(/"js" may be read by its owner alone.*chmod o\+rX/)
  })
})
