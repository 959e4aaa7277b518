import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { expect, test } from 'vitest'
import { npx, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const root = `.npm/_npx/${npxCacheKey(['srv@1.0.0'])}`
const copy = {
  [`${root}/node_modules/srv/package.json`]: { name: 'srv', version: '1.0.0' },
  [`${root}/node_modules/srv/index.js`]: 'one',
}

/** Root reads everything: the collector, which is synchronous inside, runs as a user without rights. */
async function look(launch: DeclaredServer['launch']) {
  chmodSync(home.path, 0o755)
  process.setegid?.(65_534)
  process.seteuid?.(65_534)
  try {
    return home.collect(launch)
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}
const asRoot = process.getuid?.() === 0

test.skipIf(!asRoot)('what can be read is seen by a user without rights', async () => {
  home.write(copy)
  expect(await look(npx('srv', '1.0.0'))).toMatchObject({
    state: 'seen',
    facts: { wouldRun: 0, installed: [{ problems: [] }] },
  })
})

test.skipIf(!asRoot)('a cache that may not be read is not an empty one', async () => {
  home.write(copy)
  chmodSync(join(home.path, '.npm'), 0o700)
  expect(await look(npx('srv', '1.0.0'))).toMatchObject({ state: 'unavailable', code: 'permission-denied' })
})

test.skipIf(!asRoot)('an .npmrc that may not be read makes the place of the cache uncertain', async () => {
  home.write({ ...copy, '.npmrc': 'cache=/elsewhere' })
  chmodSync(join(home.path, '.npmrc'), 0o600)
  expect(await look(npx('srv', '1.0.0'))).toMatchObject({ state: 'seen', facts: { wouldRun: null } })
  expect(await look(npx('other', '1.0.0'))).toMatchObject({ state: 'unavailable', code: 'permission-denied' })
})

test.skipIf(!asRoot)('one file that may not be read leaves the tree without a digest', async () => {
  home.write(copy)
  chmodSync(join(home.path, root, 'node_modules/srv/index.js'), 0o600)
  expect(await look(npx('srv', '1.0.0'))).toMatchObject({
    facts: {
      installed: [
        { version: '1.0.0', digest: null, problems: ['node_modules/srv: index.js: this user may not read it'] },
      ],
    },
  })
})
