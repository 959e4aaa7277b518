import { execFileSync } from 'node:child_process'
import { appendFileSync, utimesSync, writeFileSync } from 'node:fs'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { expect, test } from 'vitest'
import { factsOf, npx, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()
const root = `.npm/_npx/${npxCacheKey(['srv@1.0.0'])}`
const modules = `${root}/node_modules`

async function look(tree: Record<string, string | object> = {}) {
  home.write(tree)
  const [copy] = factsOf(await home.collect(npx('srv', '1.0.0'))).installed
  if (copy === undefined) throw new Error('no copy')
  return copy
}
const sound = { [`${modules}/srv/package.json`]: { name: 'srv', version: '1.0.0' }, [`${modules}/srv/index.js`]: 'one' }

test.each<[string, string]>([
  ['not JSON', '{"name": "canary-secret'],
  ['not an object', '[1,2]'],
  ['a name of a megabyte', JSON.stringify({ name: 'x'.repeat(1_000_000), version: '1.0.0' })],
  ['larger than is read', JSON.stringify({ name: 'y', filler: 'x'.repeat(2_000_000) })],
  ['a name with ANSI', JSON.stringify({ name: '\u001b[31mred', version: '1.0.0' })],
  ['a name with bidi', JSON.stringify({ name: '\u202egnp.exe', version: '1.0.0' })],
  ['half a surrogate pair', '{"name": "\\ud800", "version": "1.0.0"}'],
  ['a version that is no text', JSON.stringify({ name: 'y', version: { a: 1 } })],
])('a package.json that is %s is a problem, and the digest is null', async (_what, text) => {
  const copy = await look({ ...sound, [`${modules}/bad/package.json`]: text })
  expect(copy.version).toBe('1.0.0')
  expect(copy.digest).toBeNull()
  expect(copy.problems).toHaveLength(1)
  expect(JSON.stringify(copy)).not.toContain('canary-secret')
  expect(JSON.stringify(copy).length).toBeLessThan(3_000)
  expect(JSON.stringify(copy)).not.toMatch(/\\u001b|\u202e/)
})

test.each([
  ['^1.0.0', '^1.0.0'],
  ['git+https://user:canary-secret@host.example/x', null],
  ['x'.repeat(10_000), null],
])('what the cache folder asks for is shown unless it is an address: %#', async (asked, expected) => {
  const copy = await look({ ...sound, [`${root}/package.json`]: { dependencies: { srv: asked } } })
  expect(copy.requested).toBe(expected)
  expect(JSON.stringify(copy)).not.toContain('canary-secret')
})

test('links out, loops and dangling links end, and are said', async () => {
  home.write({ 'ws/a/package.json': { name: 'a', version: '2.0.0', dependencies: {} } })
  const copy = await look({
    ...sound,
    [`${modules}/a`]: `-> ../../../../ws/a`,
    [`${modules}/self`]: '-> .',
    [`${modules}/srv/node_modules`]: '-> ..',
    [`${modules}/x`]: '-> y',
    [`${modules}/y`]: '-> x',
    [`${modules}/gone`]: '-> nowhere',
  })
  expect(copy.components.find(({ name }) => name === 'a')).toMatchObject({
    version: '2.0.0',
    path: `${home.path}/ws/a`,
  })
  expect(copy.digest).toBeNull()
  expect(copy.problems.sort()).toEqual([
    'node_modules/gone: a link that leads nowhere',
    'node_modules/x: symbolic links lead in a circle',
    'node_modules/y: symbolic links lead in a circle',
  ])
})

test('a FIFO, and a folder nested too deep, are said and do not hang', async () => {
  home.write(sound)
  execFileSync('mkfifo', [`${home.path}/${modules}/srv/pipe`])
  expect(await look()).toMatchObject({
    digest: null,
    problems: ['node_modules/srv: pipe: not a file, folder or link: not read'],
  })
  execFileSync('rm', [`${home.path}/${modules}/srv/pipe`])
  home.write({ [`${modules}/a${'/node_modules/a'.repeat(60)}/package.json`]: { name: 'a', version: '1.0.0' } })
  const copy = await look()
  expect(copy.digest).toBeNull()
  expect(copy.problems.join()).toContain('deep')
})

test.each<[string, (at: string) => void, boolean]>([
  ['a byte of a nested package', (at) => appendFileSync(`${at}/dep/node_modules/inner/index.js`, 'x'), true],
  ['a file that no package owns', (at) => writeFileSync(`${at}/loose.js`, 'x'), true],
  ['a package without package.json', (at) => execFileSync('mkdir', [`${at}/bare`]), true],
  ['a file in .bin', (at) => writeFileSync(`${at}/.bin/tool`, 'x'), true],
  ['times alone', (at) => utimesSync(`${at}/srv/index.js`, 1, 1), false],
])('%s changes the digest: %#', async (_what, change, changes) => {
  const tree = {
    ...sound,
    [`${modules}/dep/package.json`]: { name: 'dep', version: '1.0.0' },
    [`${modules}/dep/node_modules/inner/index.js`]: 'inner',
    [`${modules}/.bin/other`]: 'x',
  }
  const before = await look(tree)
  expect(before.digest).not.toBeNull()
  change(`${home.path}/${modules}`)
  expect((await look()).digest === before.digest).toBe(!changes)
})
