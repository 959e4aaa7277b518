import { appendFileSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { npxCacheKey } from '@upkeep/domain/npx-cache-key'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { beforeEach, expect, test } from 'vitest'
import { baselineAccept } from './baseline-accept.ts'
import { askApproval, asTheOnlyMaker } from './change-flow.ts'
import { findings } from './findings.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { undo } from './undo.ts'

const config = '.config/Code/User/mcp.json'
const name = '@acme/files'

let product: TestProduct
beforeEach(async () => {
  product = testProduct()
  cached('1.0.0', name)
  cached('2.0.0', `${name}@2.0.0`)
  product.write(config, entry(['-y', name, '/srv/data']))
  await product.run(scan)
  await product.run(baselineAccept, { reason: 'first state' })
})

function entry(args: readonly string[]): string {
  return JSON.stringify({ servers: { fs: { type: 'stdio', command: 'npx', args, env: { LEVEL: 'info' } } } })
}

/** What npx leaves in its cache for a spec. */
function cached(version: string, spec: string): string {
  const folder = `.npm/_npx/${npxCacheKey([spec])}`
  const own = `${folder}/node_modules/${name}`
  product.write(`${folder}/package.json`, JSON.stringify({ dependencies: { [name]: version } }))
  product.write(`${own}/package.json`, JSON.stringify({ name, version, bin: { files: 'index.js' } }))
  product.write(`${own}/index.js`, 'console.log("never started")')
  return join(product.home, own)
}

/** The drift that is open after another look. */
async function drift() {
  await product.run(scan)
  const { output } = await product.run(findings, { about: 'fs' }).catch(nothingOfIt)
  return output.findings.flatMap(({ finding }) =>
    finding.statement.duty === 'configuration-drift-detection' ? [finding.statement] : [],
  )
}

/** Nothing is open of it. */
function nothingOfIt(error: unknown): { output: { findings: [] } } {
  if (error instanceof UserError && error.code === 'not-found') return { output: { findings: [] } }
  throw error
}

/** Whoever runs the test wrote it, now. */
const mine = { ownerUid: process.getuid?.(), changedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }

test('another root, another byte and another version are drift, with who wrote it and when', async () => {
  product.write(config, entry(['-y', name, '/srv/data', '/']))
  expect(await drift()).toMatchObject([{ rule: 'start-changed', facts: { drift: 'unauthorised', ...mine } }])
  product.write(config, entry(['-y', name, '/srv/data']))
  expect(await drift()).toEqual([])

  const own = cached('1.0.0', name)
  const { atime, mtime } = statSync(join(own, 'index.js'))
  const text = readFileSync(join(own, 'index.js'), 'utf8')
  appendFileSync(join(own, 'index.js'), ' ')
  utimesSync(join(own, 'index.js'), atime, mtime)
  const [bytes, ...more] = await drift()
  expect(more).toEqual([])
  expect(bytes).toMatchObject({ rule: 'bytes-changed', facts: { ...mine, trace: join(own, 'index.js') } })
  product.write(`${own.slice(product.home.length + 1)}/index.js`, text)
  expect(await drift()).toEqual([])

  cached('1.0.1', name)
  expect(await drift()).toMatchObject([{ rule: 'version-changed', facts: { drift: 'upstream', ...mine } }])
})

test('keys in another order and comments are none, nor is what an approved change wrote', async () => {
  const args = ['-y', name, '/srv/data']
  const fs = `{ "env": { "LEVEL": "info" }, "args": ${JSON.stringify(args)}, "command": "npx", /* mine */ "type": "stdio" }`
  product.write(config, `// servers of mine\n{ "servers": {\n "fs": ${fs} } }\n`)
  expect(await drift()).toEqual([])

  await setVersion()
  expect(readFileSync(join(product.home, config), 'utf8')).toContain(`"${name}@2.0.0"`)
  expect(await drift()).toEqual([])
  product.write(config, entry(['-y', `${name}@2.0.0`, '/srv/data', '/']))
  expect(await drift()).toMatchObject([{ rule: 'start-changed', facts: { differences: [{ at: 'args[3]', is: '/' }] } }])
  product.write(config, entry(['-y', `${name}@2.0.0`, '/srv/data']))
  expect(await drift()).toEqual([])

  await product.run(undo, { reason: 'a test' })
  product.write(config, entry(['-y', `${name}@2.0.0`, '/srv/data']))
  const rules = (await drift()).map(({ rule }) => rule)
  expect(rules).toContain('start-changed')
})

/** Approved by the person at the door, and made by the engine. */
async function setVersion(): Promise<void> {
  const path = join(product.home, config)
  const input = { kind: 'set-server-version' as const, path, server: 'fs', package: name, from: null, to: '2.0.0' }
  await product.within(async (context) => {
    const world = await context.acts.changes()
    const plan = await planChange(world, { inputs: [input], title: 'set fs to 2.0.0', class: 'normal', closes: [] })
    if (plan === null) throw new Error('there is nothing to change')
    const proposed = await proposeChange(world, plan, {
      requester: context.signer,
      reason: 'the newer version is wanted here',
    })
    const approved = await askApproval(context, world, proposed, 'k')
    expect(await asTheOnlyMaker(context, world, (maker) => makeChange(world, approved, maker))).toMatchObject({
      outcome: 'done',
    })
  }, presentPerson())
}
