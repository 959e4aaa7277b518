import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { noGateways } from '@upkeep/contract/testing/no-gateways'
import { openFiles } from '@upkeep/engine/ports/files'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { afterAll, expect, test } from 'vitest'
import { clientConfigs } from '../client-configs/collector.ts'
import { factsOf, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
// Named by the process and not at random: a part that looks random is hidden from what is declared.
const root = join(tmpdir(), `bundle-test-${process.pid}`)
afterAll(() => rmSync(root, { recursive: true, force: true }))
const bundle = '.config/Claude/Claude Extensions/ant.dir.example'
const ownFolder = ['$', '{__dirname}'].join('')

/** What the entries of this home declare. */
async function declared() {
  const place = { id: root, home: root, platform: 'linux', env: {}, projects: [], machine: false } as const
  const seen = await clientConfigs.collect({
    for: { per: 'place', place: { ...place, upkeepFile: null, uid: null } },
    prior: {},
    ports: {
      places: { list: () => [], ownProgram: () => [], keptObjects: () => '' },
      files: openFiles({ stateDir: null }).files,
      secrets: openSecrets({ stateDir: join(root, '.state'), env: {} }),
      gateways: noGateways,
    },
    settings: { probe: [], connectToDeclared: false, online: false, registryUrl: '', feeds: { osv: [], registry: [] } },
    at: '2026-01-01T00:00:00.000Z',
    signal: { aborted: false },
  })
  return seen.flatMap((one) => (one.kind === 'declared-server' && one.state === 'seen' ? [one.facts] : []))
}

function write(tree: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

test('a bundle that a client unpacked is a server with everything that it brought along', async () => {
  write({
    [`${bundle}/manifest.json`]: {
      manifest_version: '0.3',
      name: 'example',
      version: '1.2.3',
      server: {
        type: 'node',
        entry_point: 'server/index.js',
        mcp_config: { command: 'node', args: [`${ownFolder}/server/index.js`] },
      },
    },
    [`${bundle}/package.json`]: { name: 'example-bundle', version: '1.2.3', dependencies: { express: '^4' } },
    [`${bundle}/server/index.js`]: 'x',
    [`${bundle}/node_modules/express/package.json`]: { name: 'express', version: '4.17.0' },
  })
  const [server, ...more] = await declared()
  expect(more).toEqual([])
  expect(server).toMatchObject({ client: 'claude-desktop', name: 'example' })
  const facts = factsOf(await home.collect(server?.launch ?? { via: 'shell' }, server, { home: root }))
  expect(facts).toMatchObject({ name: 'example-bundle', wouldRun: 0 })
  expect(facts.installed[0]?.components.map(({ name, version }) => `${name} ${version}`)).toEqual([
    'example-bundle 1.2.3',
    'express 4.17.0',
  ])
})
