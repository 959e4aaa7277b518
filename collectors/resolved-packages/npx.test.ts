import { expect, test } from 'vitest'
import { factsOf, homeVariable, npx, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const fs = '@modelcontextprotocol/server-filesystem'
const pinnedKey = '88b1cca3c4790e13'
const openKey = 'a3241bba59c344f5'

function cached(key: string, version: string, base = '.npm') {
  const root = `${base}/_npx/${key}`
  return {
    [`${root}/package.json`]: { dependencies: { [fs]: `^${version}` } },
    [`${root}/node_modules/${fs}/package.json`]: { name: fs, version, engines: { node: '>=24' } },
    [`${root}/node_modules/${fs}/dist/index.js`]: 'serverInfo = { version: "0.2.0" }',
    [`${root}/node_modules/zod/package.json`]: { name: 'zod', version: '3.0.0' },
    [`${root}/node_modules/zod/node_modules/deep/package.json`]: { name: 'deep', version: '1.0.0' },
    [`${root}/node_modules/.bin/tool`]: `-> ../${fs}/dist/index.js`,
  }
}

test('a pinned entry is the copy under its own key, with its real version and every package (T7, T8)', async () => {
  home.write({ ...cached(pinnedKey, '2025.3.28'), ...cached(openKey, '2026.8.31') })
  const facts = factsOf(await home.collect(npx(fs, '2025.3.28')))
  expect(facts).toMatchObject({ name: fs, pinned: true, wouldRun: 0, why: 'pinned, and 2025.3.28 is cached' })
  expect(facts.installed).toHaveLength(1)
  const [copy] = facts.installed
  expect(copy).toMatchObject({ version: '2025.3.28', cacheKey: pinnedKey, requested: '^2025.3.28', engines: '>=24' })
  expect(copy?.components.map(({ name, version, path }) => [name, version, path])).toEqual([
    [fs, '2025.3.28', `node_modules/${fs}`],
    ['zod', '3.0.0', 'node_modules/zod'],
    ['deep', '1.0.0', 'node_modules/zod/node_modules/deep'],
  ])
  expect(copy?.digest).toMatch(/^[0-9a-f]{64}$/)
  expect(copy?.problems).toEqual([])
})

test('an unpinned entry has its own cached copy, and the registry decides (T7)', async () => {
  home.write({ ...cached(pinnedKey, '2025.3.28'), ...cached(openKey, '2026.8.31') })
  const facts = factsOf(await home.collect(npx(fs)))
  expect(facts).toMatchObject({
    pinned: false,
    wouldRun: null,
    installed: [{ version: '2026.8.31', cacheKey: openKey }],
  })
  expect(facts.why).toContain('asks the registry')
  expect(facts.why).toContain('2026.8.31 is cached')
})

test('what is not cached is not invented', async () => {
  home.write(cached(pinnedKey, '2025.3.28'))
  expect(factsOf(await home.collect(npx(fs)))).toMatchObject({
    installed: [],
    wouldRun: null,
    why: expect.stringContaining('no cached copy'),
  })
  const pinned = factsOf(await home.collect(npx(fs, '1.0.0')))
  expect(pinned).toMatchObject({ installed: [], wouldRun: null })
  expect(pinned.why).toBe('pinned but not installed: it would be fetched from the registry')
})

test('a cache folder that holds another version than the pinned one does not run as it is', async () => {
  home.write(cached(pinnedKey, '2025.7.1'))
  const facts = factsOf(await home.collect(npx(fs, '2025.3.28')))
  expect(facts).toMatchObject({ wouldRun: null, installed: [{ version: '2025.7.1' }] })
})

test.each([
  ['~/.npmrc', { '.npmrc': `registry=x\n; cache=no\ncache = "${homeVariable}/elsewhere/"\n` }, {}, {}],
  ['~/ in .npmrc', { '.npmrc': 'cache=~/elsewhere' }, {}, {}],
  ["the project's .npmrc", { 'p/.npmrc': `cache=${homeVariable}/elsewhere`, 'p/package.json': '{}' }, {}, { cwd: 'p' }],
  ['the environment', { '.npmrc': 'cache=/nowhere' }, { NPM_CONFIG_CACHE: 'elsewhere' }, {}],
])('the cache is where %s says', async (_what, files, env: Record<string, string>, at: { cwd?: string }) => {
  home.write({ ...files, ...cached(pinnedKey, '2025.3.28', 'elsewhere') })
  const absolute = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, `${home.path}/${value}`]))
  const more = at.cwd === undefined ? {} : { cwd: `${home.path}/${at.cwd}` }
  expect(factsOf(await home.collect(npx(fs, '2025.3.28'), more, { env: absolute })).wouldRun).toBe(0)
})

test.each([
  ['win32', 'AppData/Local/npm-cache'],
  ['darwin', '.npm'],
] as const)('the usual cache of %s', async (platform, base) => {
  home.write(cached(pinnedKey, '2025.3.28', base))
  expect(factsOf(await home.collect(npx(fs, '2025.3.28'), {}, { platform })).wouldRun).toBe(0)
})

test("a cache that the entry's environment hides is not guessed", async () => {
  home.write(cached(pinnedKey, '2025.3.28'))
  const env = { npm_config_cache: { kind: 'reference', text: 'op://vault/cache' } as const }
  const facts = factsOf(await home.collect(npx(fs, '2025.3.28'), { env }))
  expect(facts.wouldRun).toBeNull()
  expect(facts.why).toContain('not certain')
})

test("the project's own copy comes before the cache, whatever its version when none is asked for", async () => {
  home.write({ ...cached(openKey, '2026.8.31'), ...cached(pinnedKey, '2025.3.28'), 'p/package.json': '{}' })
  home.write({
    [`p/node_modules/${fs}/package.json`]: { name: fs, version: '1.0.0', dependencies: { a: '1', gone: '1' } },
  })
  home.write({ 'p/node_modules/a/package.json': { name: 'a', version: '1.0.0' } })
  home.write({ 'p/node_modules/unrelated/package.json': { name: 'unrelated', version: '1.0.0' } })
  const more = { project: `${home.path}/p/deep/down` }
  const open = factsOf(await home.collect(npx(fs), more))
  expect(open).toMatchObject({ wouldRun: 0, installed: [{ where: 'local', version: '1.0.0' }, { where: 'npx-cache' }] })
  expect(open.installed[0]?.components.map(({ path }) => path)).toEqual([`node_modules/${fs}`, 'node_modules/a'])
  expect(open.installed[0]?.root).toBe(`${home.path}/p`)
  const pinned = factsOf(await home.collect(npx(fs, '2025.3.28'), more))
  expect(pinned.installed[pinned.wouldRun ?? -1]).toMatchObject({ where: 'npx-cache' })
  expect(factsOf(await home.collect(npx(fs, '^1.0.0'), more)).wouldRun).toBe(0)
  expect(factsOf(await home.collect(npx(fs, 'latest'), more)).wouldRun).toBeNull()
})

test('a command of that name in node_modules/.bin comes first, whichever package owns it', async () => {
  home.write({
    'p/node_modules/other/package.json': { name: 'other', version: '3.0.0' },
    'p/node_modules/other/cli.js': '',
  })
  home.write({ 'p/node_modules/.bin/tool': '-> ../other/cli.js' })
  const facts = factsOf(await home.collect(npx('tool'), { cwd: `${home.path}/p/sub` }))
  expect(facts).toMatchObject({ wouldRun: 0, installed: [{ where: 'local', version: '3.0.0' }] })
})
