import { chmodSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { beforeEach, describe, expect, test } from 'vitest'
import { approve } from './approve.ts'
import { askApproval, asTheOnlyMaker } from './change-flow.ts'
import { changes } from './changes.ts'
import { enforce } from './enforce.ts'
import { importLock } from './import-lock.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { undo } from './undo.ts'

const config = '.config/Code/User/mcp.json'
const text = (fs: string, more = '') =>
  `// mine\n{ "servers": {\n  "fs": { "command": "npx", "args": ["-y", "${fs}", "/srv/data"] }${more}\n} }\n`
const right = text('@acme/files@1.0.0')
const shadow = ',\n  "shadow": { "command": "sh", "args": ["-c", "id"] }'
const ada = presentPerson()

let product: TestProduct
beforeEach(async () => {
  product = testProduct({}, ada)
  product.write(config, right)
  await modes('[{ mode: enforce }]')
  await product.run(importLock)
})

async function modes(yaml: string): Promise<void> {
  product.write('upkeep.yaml', `version: 1\nmodes: ${yaml}\nservers: [{ name: shadow, owner: bob }]\n`)
}
const sign = () => product.run(approve, { change: 'desired-state', key: 'k' })
const now = () => readFileSync(join(product.home, config), 'utf8')
const outcome = async () => (await product.run(enforce)).output

describe('enforce, once a person signed the state', () => {
  beforeEach(sign)

  test('a server that is not in the lock is taken out again, its owner named, and it can be brought back', async () => {
    expect(await outcome()).toMatchObject({ signedBy: 'ada', notInForce: null, violations: [] })
    product.write(config, text('@acme/files@1.0.0', shadow))
    const { violations } = await outcome()
    expect(violations).toMatchObject([
      { server: 'shadow', done: 'set-back', what: ['it is not in the lock'], owners: ['bob'] },
    ])
    expect(now()).toBe(right)
    const { output } = await product.run(changes, { all: true })
    expect(output.changes).toMatchObject([{ outcome: 'done', approvals: [], plan: { class: 'standard' } }])
    expect((await outcome()).violations).toEqual([])
    await product.run(undo, { reason: 'it was mine' })
    expect(now()).toBe(text('@acme/files@1.0.0', shadow))
  })

  test.each([
    ['another version', text('@acme/files@1.0.1'), ['args[1]: shall be @acme/files@1.0.0, is @acme/files@1.0.1']],
    ['one more root', right.replace('"/srv/data"', '"/srv/data", "/"'), ['args[3]: shall be nothing, is /']],
    ['one root less', right.replace(', "/srv/data"', ''), ['args[2]: shall be /srv/data, is nothing']],
  ])('%s is set back, and nothing else of the file', async (_, drifted, what) => {
    product.write(config, drifted)
    expect((await outcome()).violations).toMatchObject([{ server: 'fs', done: 'set-back', what }])
    expect(now()).toBe(right)
  })

  test('another command behind the same name is set back, and so is the mode of the file', async () => {
    product.write(config, right.replace('"npx"', '"/tmp/npx"'))
    chmodSync(join(product.home, config), 0o644)
    expect((await outcome()).violations).toMatchObject([{ done: 'set-back' }])
    expect(now()).toContain('"command": "npx"')
    expect((statSync(join(product.home, config)).mode & 0o777).toString(8)).toBe('600')
    expect((await outcome()).violations).toEqual([])
  })

  test('what a person approved since is left alone', async () => {
    const path = join(product.home, config)
    const input = {
      kind: 'set-server-version' as const,
      path,
      server: 'fs',
      package: '@acme/files',
      from: '1.0.0',
      to: '2.0.0',
    }
    await product.within(async (context) => {
      const world = await context.acts.changes()
      const plan = await planChange(world, { inputs: [input], title: 'fs to 2.0.0', class: 'normal', closes: [] })
      if (plan === null) throw new Error('nothing to change')
      const proposed = await proposeChange(world, plan, {
        requester: context.signer,
        reason: 'the newer version is wanted here',
      })
      const approved = await askApproval(context, world, proposed, 'k')
      await asTheOnlyMaker(context, world, (maker) => makeChange(world, approved, maker))
    }, ada)
    expect(now()).toContain('@2.0.0')
    expect((await outcome()).violations).toEqual([])
    product.write(config, now().replace('"/srv/data"', '"/"'))
    expect((await outcome()).violations).toMatchObject([
      { done: 'set-back', what: [expect.stringContaining('args[2]')] },
    ])
    expect(now()).toContain('"@acme/files@2.0.0", "/srv/data"')
  })

  test('a lock or modes that somebody changed since are not enforced: it is proposed instead', async () => {
    product.write(config, text('@acme/files@6.6.6'))
    await product.run(importLock)
    product.write(config, right)
    expect(await outcome()).toMatchObject({
      signedBy: null,
      notInForce: expect.stringContaining('not those that were signed'),
      violations: [{ server: 'fs', done: 'proposed' }],
    })
    expect(now()).toBe(right)
  })

  test('what cannot be written is said, and not tried again at once', async () => {
    product.write(config, text('@acme/files@1.0.0', shadow))
    chmodSync(dirname(join(product.home, config)), 0o777)
    expect((await outcome()).violations).toMatchObject([{ done: 'failed', why: expect.stringContaining('its folder') }])
    expect((await outcome()).violations).toMatchObject([
      { done: 'failed', why: expect.stringContaining('an hour later') },
    ])
    expect((await product.run(changes, { all: true })).output.changes).toHaveLength(1)
    chmodSync(dirname(join(product.home, config)), 0o755)
    product.clock.advance(3_700_000)
    expect((await outcome()).violations).toMatchObject([{ done: 'set-back' }])
    expect(now()).toBe(right)
  })

  test('no other change is let through as one that sets back', async () => {
    await product.within(async (context) => {
      const world = await context.acts.changes()
      const input = { kind: 'remove-server' as const, path: join(product.home, config), server: 'fs' }
      const plan = await planChange(world, { inputs: [input], title: 'no fs', class: 'standard', closes: [] })
      if (plan === null) throw new Error('nothing to change')
      const state = await proposeChange(world, plan, {
        requester: context.signer,
        reason: 'the newer version is wanted here',
      })
      await expect(asTheOnlyMaker(context, world, (maker) => makeChange(world, state, maker))).rejects.toMatchObject({
        code: 'not-approved',
      })
    })
    expect(now()).toBe(right)
  })
})

test('unsigned, enforce only proposes, and says why; again it is the same proposal', async () => {
  product.write(config, text('@acme/files@1.0.0', shadow))
  const first = await outcome()
  expect(first).toMatchObject({
    signedBy: null,
    violations: [{ done: 'proposed', why: expect.stringContaining('nobody signed') }],
  })
  expect((await outcome()).violations[0]?.change).toBe(first.violations[0]?.change)
  expect(now()).toBe(text('@acme/files@1.0.0', shadow))
})

test('the first mode that fits counts: one is said, one is proposed, one is set back', async () => {
  await modes(
    `[{ mode: observe, servers: [fs] }, { mode: propose, places: [${product.home}/.cursor] }, { mode: enforce, clients: [vscode] }]`,
  )
  await sign()
  product.write(config, text('@acme/files@9.0.0', shadow))
  product.declare({ other: '/srv/other' })
  const { violations } = await outcome()
  expect(violations.map(({ server, mode, done }) => [server, mode, done]).sort()).toEqual([
    ['fs', 'observe', 'said'],
    ['other', 'propose', 'proposed'],
    ['shadow', 'enforce', 'set-back'],
  ])
  expect(now()).toBe(text('@acme/files@9.0.0'))
})
