import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { expect, test } from 'vitest'
import { npx, temporaryHome } from './fixture-tree.ts'

const home = temporaryHome()
const root = `.npm/_npx/${npxCacheKey(['srv@1.0.0'])}`
const copy = {
  [`${root}/node_modules/srv/package.json`]: { name: 'srv', version: '1.0.0' },
  [`${root}/node_modules/srv/index.js`]: 'one',
}

// Root reads everything: the collector is run by a user without rights.
const asOther = `
  import { openFiles } from ${JSON.stringify(join(import.meta.dirname, '../../engine/ports/files.ts'))}
  import { resolvedPackages } from ${JSON.stringify(join(import.meta.dirname, 'collector.ts'))}
  const [home, launch] = process.argv.slice(1)
  const place = { id: home, home, platform: 'linux', env: {}, projects: [], machine: false, upkeepFile: null, uid: null }
  const server = { env: {}, cwd: null, project: null, launch: JSON.parse(launch) }
  const [seen] = await resolvedPackages.collect({
    for: { per: 'server', subject: { kind: 'server', id: 'x', name: 'x' }, place, server },
    ports: { files: openFiles({ stateDir: null }).files },
  })
  console.log(JSON.stringify(seen))`

function look(launch: object): unknown {
  chmodSync(home.path, 0o755)
  const args = ['--input-type=module', '-e', asOther, home.path, JSON.stringify(launch)]
  const child = spawnSync(process.execPath, args, { uid: 65_534, gid: 65_534, encoding: 'utf8', cwd: '/', env: {} })
  expect(child.stderr).toBe('')
  return JSON.parse(child.stdout)
}
const asRoot = process.getuid?.() === 0

test.skipIf(!asRoot)('what can be read is seen by a user without rights', () => {
  home.write(copy)
  expect(look(npx('srv', '1.0.0'))).toMatchObject({
    state: 'seen',
    facts: { wouldRun: 0, installed: [{ problems: [] }] },
  })
})

test.skipIf(!asRoot)('a cache that may not be read is not an empty one', () => {
  home.write(copy)
  chmodSync(join(home.path, '.npm'), 0o700)
  expect(look(npx('srv', '1.0.0'))).toMatchObject({ state: 'unavailable', code: 'permission-denied' })
})

test.skipIf(!asRoot)('an .npmrc that may not be read makes the place of the cache uncertain', () => {
  home.write({ ...copy, '.npmrc': 'cache=/elsewhere' })
  chmodSync(join(home.path, '.npmrc'), 0o600)
  expect(look(npx('srv', '1.0.0'))).toMatchObject({ state: 'seen', facts: { wouldRun: null } })
  expect(look(npx('other', '1.0.0'))).toMatchObject({ state: 'unavailable', code: 'permission-denied' })
})

test.skipIf(!asRoot)('one file that may not be read leaves the tree without a digest', () => {
  home.write(copy)
  chmodSync(join(home.path, root, 'node_modules/srv/index.js'), 0o600)
  expect(look(npx('srv', '1.0.0'))).toMatchObject({
    facts: {
      installed: [
        { version: '1.0.0', digest: null, problems: ['node_modules/srv: index.js: this user may not read it'] },
      ],
    },
  })
})
