import { expect, test } from 'vitest'
import { factsOf, temporaryHome } from './testing/installed-home.ts'

const home = temporaryHome()

/** The layout that pnpm 10 makes: a folder per request, `pkg` leading to the newest, packages behind links into `.pnpm`. */
function dlx(hash: string, version: string) {
  const root = `.cache/pnpm/dlx/${hash}/1a2b-3c`
  const store = `${root}/node_modules/.pnpm`
  return {
    [`.cache/pnpm/dlx/${hash}/pkg`]: '-> 1a2b-3c',
    [`${root}/package.json`]: { dependencies: { srv: version } },
    [`${store}/srv@${version}/node_modules/srv/package.json`]: { name: 'srv', version },
    [`${store}/srv@${version}/node_modules/zod`]: '-> ../../zod@3.0.0/node_modules/zod',
    [`${store}/zod@3.0.0/node_modules/zod/package.json`]: { name: 'zod', version: '3.0.0' },
    [`${root}/node_modules/srv`]: `-> .pnpm/srv@${version}/node_modules/srv`,
  }
}

test('every kept copy is listed with its packages, and none is said to run', async () => {
  home.write({ ...dlx('aa', '1.0.0'), ...dlx('bb', '2.0.0'), '.cache/pnpm/dlx/cc/pkg': '-> nowhere' })
  const launch = {
    via: 'pnpm-dlx',
    ecosystem: 'npm',
    name: 'srv',
    requested: '1.0.0',
    pinned: true,
    packages: [],
  } as const
  const facts = factsOf(await home.collect({ ...launch, packages: ['srv@1.0.0'] }))
  expect(facts).toMatchObject({ pinned: true, wouldRun: null })
  expect(facts.installed).toMatchObject([
    { where: 'pnpm-dlx', version: '1.0.0', requested: '1.0.0' },
    { where: 'pnpm-dlx', version: '2.0.0' },
  ])
  for (const copy of facts.installed) {
    expect(copy.components.map(({ name }) => name).sort()).toEqual(['srv', 'zod'])
    expect(copy.digest).not.toBeNull()
  }
})
