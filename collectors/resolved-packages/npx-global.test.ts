import { expect, test } from 'vitest'
import { factsOf, homeVariable, npx, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()

function prefix(path: string, version: string | null, withNpm = true) {
  return {
    ...(withNpm ? { [`${path}/lib/node_modules/npm/package.json`]: { name: 'npm', version: '11.0.0' } } : {}),
    ...(version === null ? {} : { [`${path}/lib/node_modules/srv/package.json`]: { name: 'srv', version } }),
  }
}
const nvm = '.nvm/versions/node'

test('the global copy of the only npm comes before the cache', async () => {
  home.write(prefix(`${nvm}/v24.0.0`, '1.0.0'))
  expect(factsOf(await home.collect(npx('srv')))).toMatchObject({ wouldRun: 0, installed: [{ where: 'global' }] })
  expect(factsOf(await home.collect(npx('srv', '1.0.0')))).toMatchObject({ wouldRun: 0 })
  const other = factsOf(await home.collect(npx('srv', '2.0.0')))
  expect(other).toMatchObject({ wouldRun: null, installed: [{ version: '1.0.0' }] })
  expect(other.why).toContain('would be fetched')
})

test('with several npm it is not known which one starts', async () => {
  home.write({ ...prefix(`${nvm}/v24.0.0`, '1.0.0'), ...prefix(`${nvm}/v22.0.0`, null) })
  const facts = factsOf(await home.collect(npx('srv')))
  expect(facts).toMatchObject({ wouldRun: null, installed: [{ version: '1.0.0' }] })
  expect(facts.why).toContain('several npm')
})

test('a tree that no npm uses is listed and not said to run; a configured prefix is', async () => {
  home.write(prefix('.npm-global', '1.0.0', false))
  expect(factsOf(await home.collect(npx('srv'))).wouldRun).toBeNull()
  home.write({ '.npmrc': `prefix=${homeVariable}/.npm-global\n//registry.example/:_authToken=canary-token\n` })
  const facts = factsOf(await home.collect(npx('srv')))
  expect(facts.wouldRun).toBe(0)
  expect(JSON.stringify(facts)).not.toContain('canary-token')
})

test('Windows keeps global packages below the prefix itself', async () => {
  home.write({ 'AppData/Roaming/npm/node_modules/srv/package.json': { name: 'srv', version: '1.0.0' } })
  const facts = factsOf(await home.collect(npx('srv'), {}, { platform: 'win32' }))
  expect(facts.installed).toMatchObject([{ where: 'global', version: '1.0.0' }])
})
