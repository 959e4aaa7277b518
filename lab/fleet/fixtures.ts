import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

const sources = join(import.meta.dirname, 'fixture-servers')

/** A local fixture server: attacks and failures on demand, harmless. `scripts` is what its package.json carries. */
export interface FixtureServer {
  folder: string
  name: string
  version: string
  scripts?: Record<string, string>
}

export const fixtureServers: readonly FixtureServer[] = [
  { folder: 'rugpull', name: 'rugpull', version: '1.0.0' },
  { folder: 'rugpull', name: 'rugpull', version: '1.0.1' },
  { folder: 'poison', name: 'poison', version: '1.0.0' },
  { folder: 'nearmiss', name: 'nearmiss', version: '1.0.0' },
  { folder: 'exfil', name: 'exfil', version: '1.0.0' },
  { folder: 'pay', name: 'pay', version: '1.0.0' },
  { folder: 'crash', name: 'crash', version: '1.0.0' },
  { folder: 'slow', name: 'slow', version: '1.0.0' },
  { folder: 'typosquat', name: '@modelcontextprotoco1/server-filesystem', version: '2025.7.1' },
  { folder: 'postinstall', name: 'postinstall', version: '1.0.0', scripts: { postinstall: 'node marker.mjs' } },
]

/** What a fixture is after it was packed and installed with scripts off. */
export interface InstalledFixture {
  name: string
  version: string
  tarball: string
  /** The script that `node` starts. */
  script: string
}

/**
 * Packs every fixture with `npm pack` and installs the tarballs, scripts off: the first version of each in `installed`, a second one in
 * `installed-next`.
 */
export async function buildFixtures(root: string): Promise<InstalledFixture[]> {
  rmSync(root, { recursive: true, force: true })
  const packages = fixtureServers.map((fixture) => writePackage(fixture, join(root, 'packages', labelOf(fixture))))
  await runCommand('npm', ['pack', '--ignore-scripts', '--pack-destination', root, ...packages], root)
  const nexts = fixtureServers.filter(isSecondVersion)
  const firsts = fixtureServers.filter((fixture) => !nexts.includes(fixture))
  return [
    ...(await installAll(firsts, root, join(root, 'installed'))),
    ...(await installAll(nexts, root, join(root, 'installed-next'))),
  ]
}

async function installAll(
  fixtures: readonly FixtureServer[],
  root: string,
  folder: string,
): Promise<InstalledFixture[]> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const built = fixtures.map(({ name, version }) => ({
    name,
    version,
    tarball: join(root, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`),
    script: join(folder, 'node_modules', ...name.split('/'), 'index.mjs'),
  }))
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--offline', '--cache', join(root, 'npm-cache')]
  await runCommand('npm', ['install', ...options, ...built.map((one) => one.tarball)], folder)
  return built
}

function isSecondVersion(fixture: FixtureServer): boolean {
  return fixtureServers.find((other) => other.name === fixture.name) !== fixture
}

function labelOf(fixture: FixtureServer): string {
  return `${fixture.folder}-${fixture.version}`
}

/** The folder that is packed: sources, the shared server, a manifest. */
export function writePackage(fixture: FixtureServer, folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(join(sources, fixture.folder))) {
    copyFileSync(join(sources, fixture.folder, file), join(folder, file))
  }
  copyFileSync(join(sources, 'stdio-server.mjs'), join(folder, 'stdio-server.mjs'))
  const { name, version, scripts } = fixture
  const manifest = {
    name,
    version,
    type: 'module',
    bin: { [fixture.folder]: 'index.mjs' },
    ...(scripts && { scripts }),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  return folder
}
