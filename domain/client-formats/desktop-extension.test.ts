// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the references that bundles use.
import { describe, expect, test } from 'vitest'
import { claudeDesktop } from './clients/claude-desktop.ts'
import { declareServer } from './declare-server.ts'
import { readExtension } from './desktop-extension.ts'
import { parseText } from './parse-text.ts'

const path = '/home/ada/.config/Claude/Claude Extensions/ant.dir.x/manifest.json'
const folder = path.slice(0, -'/manifest.json'.length)

function read(manifest: unknown) {
  const parsed = parseText(JSON.stringify(manifest), 'json', undefined)
  if (parsed.state === 'refused') throw new Error(parsed.reason)
  const { entries, problems } = readExtension(parsed.tree, path)
  const file = {
    client: claudeDesktop.client,
    scope: 'user' as const,
    path,
    project: null,
    expands: claudeDesktop.expands,
  }
  return { servers: entries.map((entry) => declareServer(entry, file, () => 'fp')), problems }
}

describe('the manifest of an unpacked bundle', () => {
  test('a Node server in its own folder; what the user entered is a reference', () => {
    const { servers, problems } = read({
      manifest_version: '0.3',
      name: 'filesystem',
      version: '1.2.3',
      server: {
        type: 'node',
        entry_point: 'server/index.js',
        mcp_config: {
          command: 'node',
          args: ['${__dirname}/server/index.js'],
          env: { API_KEY: '${user_config.api_key}' },
        },
      },
    })
    expect(problems).toEqual([])
    expect(servers).toMatchObject([
      {
        name: 'filesystem',
        transport: 'stdio',
        launch: { via: 'node', script: `${folder}/server/index.js` },
        env: { API_KEY: { kind: 'reference', text: '${user_config.api_key}' } },
      },
    ])
  })

  test.each([
    ['node', 'server/index.js', { via: 'node', script: `${folder}/server/index.js` }],
    ['python', 'main.py', { via: 'python', script: `${folder}/main.py` }],
    ['binary', 'bin/server', { via: 'binary', file: `${folder}/bin/server` }],
  ])('without mcp_config, %s by its entry point', (type, entry_point, launch) => {
    expect(read({ name: 'x', server: { type, entry_point } }).servers).toMatchObject([{ launch }])
  })

  test.each([
    ['no object', []],
    ['no server', { name: 'x' }],
    ['no name', { server: { type: 'node', entry_point: 'a.js' } }],
  ])('%s is a problem', (_name, manifest) => {
    expect(read(manifest)).toMatchObject({ servers: [], problems: [{ problem: expect.stringContaining('manifest') }] })
  })
})
