import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { factsOf, npx, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const registry = spawnSync('npm', ['view', 'is-number@7.0.0', 'version'], { encoding: 'utf8', timeout: 60_000 })
const reachable = registry.status === 0 && registry.stdout.includes('7.0.0')
const name = reachable ? 'real npx' : 'real npx (skipped: the package registry cannot be reached)'

/** Has npx install a package into a cache of its own and start nothing of it. */
function install(spec: string) {
  const env = { ...process.env, npm_config_cache: join(home.path, 'cache'), npm_config_ignore_scripts: 'true' }
  execFileSync('npx', ['-y', '-p', spec, '-c', 'true'], { cwd: home.path, env, stdio: 'pipe', timeout: 120_000 })
}

test.skipIf(!reachable)(
  `${name}: folders, versions and packages are those that npx made`,
  { timeout: 300_000 },
  async () => {
    install('semver@7.5.0')
    install('semver')
    const env = { npm_config_cache: join(home.path, 'cache') }
    const pinned = factsOf(await home.collect(npx('semver', '7.5.0'), {}, { env }))
    const open = factsOf(await home.collect(npx('semver'), {}, { env }))
    const folders = readdirSync(join(home.path, 'cache', '_npx'))
    expect(folders.sort()).toEqual([pinned, open].map(({ installed }) => installed[0]?.cacheKey).sort())
    expect(pinned).toMatchObject({ wouldRun: 0, installed: [{ version: '7.5.0', requested: '^7.5.0', problems: [] }] })
    expect(open.wouldRun).toBeNull()
    expect(open.installed[0]?.version).not.toBe('7.5.0')
    for (const { installed } of [pinned, open]) {
      const [copy] = installed
      expect(copy?.digest).not.toBeNull()
      expect(copy?.components.map(({ path, version }) => `${path} ${version}`).sort()).toEqual(npmLs(copy?.root ?? ''))
    }
  },
)

test.skipIf(!reachable)(
  `${name}: started again, a pinned entry runs the copy that was named`,
  { timeout: 300_000 },
  async () => {
    install('semver@7.5.0')
    const env = { npm_config_cache: join(home.path, 'cache') }
    const [copy] = factsOf(await home.collect(npx('semver', '7.5.0'), {}, { env })).installed
    const offline = { ...process.env, ...env, npm_config_offline: 'true' }
    const out = execFileSync('npx', ['-y', '-p', 'semver@7.5.0', '-c', 'command -v semver'], {
      cwd: home.path,
      env: offline,
      encoding: 'utf8',
    })
    expect(out.trim()).toBe(`${copy?.root}/node_modules/.bin/semver`)
    expect(existsSync(out.trim())).toBe(true)
  },
)

/** What npm itself says is installed below a folder. */
function npmLs(root: string): string[] {
  const text = execFileSync('npm', ['ls', '--all', '--parseable', '--long', '--prefix', root], {
    encoding: 'utf8',
    stdio: 'pipe',
  })
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [path, id] = line.split(':')
      return `${path?.slice(root.length + 1)} ${id?.slice(id.lastIndexOf('@') + 1)}`
    })
    .sort()
}
