import { chmodSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { type Hook, openHook } from '@upkeep/lab/servers/webhook'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { baselineAccept } from './baseline-accept.ts'
import { askApproval, asTheOnlyMaker } from './change-flow.ts'
import { changes } from './changes.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { tellAlarms } from './tell-alarms.ts'

const plain = { width: 160, colour: false, ascii: true, verbose: false }
const right =
  '{ "mcpServers": { "fs": { "command": "npx", "args": ["server@1.0.0"] }, "web": { "command": "npx", "args": ["web@1.0.0"] } } }\n'

let hook: Hook
let product: TestProduct
beforeEach(async () => {
  hook = await openHook()
  product = testProduct()
  product.write(
    'upkeep.yaml',
    `version: 1\nservers: [{ name: web, owner: bob }]\noutgoing: { inner: [127.0.0.1] }\nnotify: [{ name: pager, webhook: '${hook.url}', about: [alarm] }]\n`,
  )
  product.write('.cursor/mcp.json', right)
  for (const folder of [dirname(product.home), product.home, join(product.home, '.cursor')]) chmodSync(folder, 0o700)
  await round()
  await product.run(baselineAccept, { reason: 'as set up' })
  await told()
})
afterEach(() => hook.close())

const round = () => product.run(scan, { duties: ['configuration-drift-detection', 'vulnerability-scanning'] })

/** What is told now that was not told before. */
async function told() {
  const before = hook.told().length
  await product.within(tellAlarms)
  return hook.told().slice(before)
}

/** A change of fs that was begun, and whose process stopped when its file was written and nothing else. */
function stoppedInTheMiddle(): Promise<string> {
  return product.within(async (context) => {
    const world = await context.acts.changes()
    const path = join(product.home, '.cursor/mcp.json')
    const version = { package: 'server', from: '1.0.0', to: '2.0.0' }
    const inputs = [{ kind: 'set-server-version' as const, path, server: 'fs', ...version }]
    const plan = await planChange(world, { inputs, title: 'fs to 2.0.0', class: 'normal', closes: [] })
    if (plan === null) throw new Error('nothing to change')
    const reason = 'the newer version is wanted here'
    const proposed = await proposeChange(world, plan, { requester: context.signer, reason })
    const approved = await askApproval(context, world, proposed, 'k')
    const between = (call: string) => {
      if (call === 'recorded effect-done') throw new Error('stopped')
    }
    const making = asTheOnlyMaker(context, world, (maker) => makeChange({ ...world, between }, approved, maker))
    await expect(making).rejects.toThrow('stopped')
    return plan.change
  }, presentPerson())
}

test('an alarm is told once, with who answers, and again when it comes back', async () => {
  product.write('.cursor/mcp.json', right.replace('web@1.0.0', 'web@6.6.6'))
  await round()
  expect(await told()).toMatchObject([{ event: 'alarm', change: null, servers: ['web'], owners: ['bob'] }])
  await round()
  expect(await told()).toEqual([])
  product.write('.cursor/mcp.json', right)
  await round()
  expect(await told()).toMatchObject([{ event: 'resolved', servers: ['web'] }])
  product.write('.cursor/mcp.json', right.replace('web@1.0.0', 'web@6.6.6'))
  await round()
  expect(await told()).toHaveLength(1)
})

test('while a change is made, what it is bound to bring about is recorded with it and not sent; an unrelated failure is', async () => {
  const id = await stoppedInTheMiddle()
  const path = join(product.home, '.cursor/mcp.json')
  product.write('.cursor/mcp.json', readFileSync(path, 'utf8').replace('web@1.0.0', 'web@6.6.6'))
  await round()
  const alarms = await told()
  expect(alarms).toMatchObject([{ event: 'alarm', servers: ['web'] }])
  expect(await told()).toEqual([])
  const { text } = await product.run(changes, { change: id })
  const withheld = text(plain)
    .split('\n')
    .filter((line) => line.includes('an alarm that it was expected to cause was not sent'))
  expect(withheld).toHaveLength(1)
  expect(withheld[0]).toContain('fs')
  // Its time is over, and it still stands there unfinished: from now on it is one.
  product.clock.advance(3_600)
  expect(await told()).toMatchObject([{ event: 'alarm', servers: ['fs'] }])
})

test('without anybody to tell nothing is kept of it', async () => {
  product.write('upkeep.yaml', 'version: 1\n')
  const id = await stoppedInTheMiddle()
  await round()
  expect(await told()).toEqual([])
  const { text } = await product.run(changes, { change: id })
  expect(text(plain)).not.toContain('was not sent')
})
