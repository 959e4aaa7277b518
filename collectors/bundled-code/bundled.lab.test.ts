import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'
import { component, factsOf, look, pack } from './testing/look.ts'

const sdk = '@modelcontextprotocol/sdk'
const asked = spawnSync('npm', ['view', `${sdk}@1.13.0`, 'version'], { encoding: 'utf8', timeout: 60_000 })
const reachable = asked.status === 0 && asked.stdout.includes('1.13.0')
const named = (what: string) => (reachable ? what : `${what} (skipped: the package registry cannot be reached)`)
const root = realpathSync(mkdtempSync(join(tmpdir(), 'bundled-lab-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function install(folder: string, ...specs: string[]): string {
  const path = join(root, folder)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'package.json'), '{"private":true}')
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...specs]
  execFileSync('npm', words, { cwd: path, stdio: 'pipe', timeout: 240_000 })
  return path
}

/** The version is drawn anew for each day, and said, so that the index is not only right for those it was tried with. */
const seed = Math.floor(Date.now() / 86_400_000)
const published: string[] = JSON.parse(
  readFileSync(join(pack, 'generated/modelcontextprotocol__sdk.json'), 'utf8'),
).versions
const drawn = published[(seed * 31) % published.length] ?? '1.20.0'

const client = `import { Client } from '${sdk}/client/index.js'
import { StdioClientTransport } from '${sdk}/client/stdio.js'
const one = new Client({ name: 'a', version: '1' }); one.connect(new StdioClientTransport({ command: 'x' })).then(() => one.listTools()).then(console.log)`
const all = `import * as a from '${sdk}/client/index.js'
import * as b from '${sdk}/client/sse.js'
import * as c from '${sdk}/server/index.js'
console.log(a, b, c)`
const server = `import { Server } from '${sdk}/server/index.js'
import { StdioServerTransport } from '${sdk}/server/stdio.js'
import { ListToolsRequestSchema } from '${sdk}/types.js'
const one = new Server({ name: 'a', version: '1' }, { capabilities: { tools: {} } }); one.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: [] })); one.connect(new StdioServerTransport())`

describe.skipIf(!reachable)(named('real packages'), { timeout: 600_000 }, () => {
  test('mcp-remote 0.1.15 lists no SDK, and its chunk holds one that no published version has (T4)', async () => {
    const folder = install('remote', 'mcp-remote@0.1.15')
    const listed = spawnSync('npm', ['ls', '--all', sdk], { cwd: folder, encoding: 'utf8' })
    expect(listed.stdout).toContain('(empty)')
    const facts = factsOf(await look(join(folder, 'node_modules/mcp-remote'), [component('mcp-remote')]))
    const chunk = readdirSync(join(folder, 'node_modules/mcp-remote/dist')).find((name) => name.startsWith('chunk-'))
    expect(facts.components).toMatchObject([
      { ecosystem: 'npm', name: sdk, versions: [], evidence: { technique: 'fingerprint', file: `dist/${chunk}` } },
    ])
    expect(facts.components[0]?.nearest).toContain('1.12.3')
    expect(facts.components[0]?.evidence.confidence).toBeGreaterThan(0.7)
    expect(facts.problems).toEqual([])
  })

  test.each(['1.8.0', '1.13.0', '1.20.0', '1.25.1', drawn])(
    'bundles built from the SDK %s are recognised',
    async (version) => {
      const folder = install(`sdk-${version}`, `${sdk}@${version}`)
      for (const [what, source] of Object.entries({ client, server, all })) {
        for (const minify of [false, true]) {
          for (const format of ['esm', 'cjs'] as const) {
            const out = join(root, `out-${version}-${what}-${minify}-${format}`)
            await build({
              stdin: { contents: source, resolveDir: folder },
              outfile: join(out, 'index.js'),
              bundle: true,
              platform: 'node',
              format,
              // Some of its releases wait at the top level, which a CommonJS bundle cannot hold.
              external: format === 'cjs' ? ['pkce-challenge'] : [],
              minify,
              logLevel: 'error',
            })
            const facts = factsOf(await look(out, [component('bundle')]))
            expect(facts.components, `${what} ${minify} ${format}`).toMatchObject([{ name: sdk }])
            expect(facts.components[0]?.versions, `${what} ${minify} ${format}`).toContain(version)
          }
        }
      }
    },
  )

  test.each(['2.0.0', '2.4.0'])('client and server of the second SDK, %s, are told apart', async (version) => {
    const both = ['client', 'server'].map((name) => `@modelcontextprotocol/${name}@${version}`)
    const folder = install(`second-${version}`, ...both)
    const contents =
      "import { Client } from '@modelcontextprotocol/client'; import { McpServer } from '@modelcontextprotocol/server'"
    const uses = {
      client: 'new Client({ name: "a", version: "1" })',
      server: 'new McpServer({ name: "a", version: "1" })',
    }
    for (const [name, used] of Object.entries(uses)) {
      const out = join(root, `second-${version}-${name}`)
      const [first = '', last = ''] = contents.split('; ')
      await build({
        stdin: { contents: `${name === 'client' ? first : last}; console.log(${used})`, resolveDir: folder },
        outfile: join(out, 'index.js'),
        bundle: true,
        platform: 'node',
        format: 'esm',
        minify: true,
        logLevel: 'error',
      })
      const { components } = factsOf(await look(out, [component('bundle')]))
      expect(components.map((one) => one.name)).toEqual([`@modelcontextprotocol/${name}`])
      expect(components[0]?.versions).toContain(version)
    }
  })

  test.each(['vscode-jsonrpc@8.2.0', 'json-rpc-2.0@1.6.0', 'jayson@4.1.3'])(
    '%s speaks JSON-RPC and is not the SDK',
    async (spec) => {
      const folder = install(`not-${spec.replace(/[^a-z]/g, '')}`, spec)
      const name = spec.slice(0, spec.lastIndexOf('@'))
      const out = join(folder, 'out')
      await build({
        stdin: {
          contents: `import * as rpc from '${name}'; console.log(rpc, "jsonrpc", "notifications/initialized", "tools/list", "tools/call")`,
          resolveDir: folder,
        },
        outfile: join(out, 'index.js'),
        bundle: true,
        platform: 'node',
        minify: true,
        logLevel: 'error',
      })
      expect(factsOf(await look(out, [component('bundle')])).components).toEqual([])
    },
  )
})
