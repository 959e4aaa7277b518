import { chmodSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { changes } from './changes.ts'
import { testProduct } from './product.cases.ts'
import { rollout } from './rollout.ts'
import { scan } from './scan.ts'

const names = Array.from({ length: 20 }, (_, index) => `home-${String(index + 1).padStart(2, '0')}`)
const rule = 'config-writable-by-others'

/**
 * Twenty homes as folders, each with a client's file that anybody may write, and the program by which their owner tells whether an update went
 * well: in every home it starts a driver as a process of its own, which looks at the file as a client would. The bad driver is of a client
 * that does not bear the new mode.
 */
function fleet(bearsIt: boolean) {
  const product = testProduct()
  const homes = join(product.home, 'homes')
  const check = join(product.home, 'check.mjs')
  const driver = join(product.home, 'driver.mjs')
  product.write(
    'driver.mjs',
    `import { statSync } from 'node:fs'
if (!${bearsIt} && (statSync(process.argv[2]).mode & 0o22) === 0) { console.error('no such right'); process.exit(1) }
`,
  )
  product.write(
    'check.mjs',
    `#!${process.execPath}
import { spawnSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
for (const home of process.argv.slice(2)) {
  const { status, stderr } = spawnSync(process.execPath, ['${driver}', home + '/.cursor/mcp.json'])
  appendFileSync('${product.home}/driven', home + '\\n')
  if (status !== 0) { console.error(home.split('/').at(-1) + ': ' + stderr); process.exit(1) }
}
`,
  )
  chmodSync(check, 0o700)
  product.write(
    'upkeep.yaml',
    `version: 1
rings:
  - { name: canary, homes: [home-01, home-02], soakMinutes: 60, check: ${check} }
  - { name: part, homes: ['home-0*'], soakMinutes: 0, check: ${check} }
  - { name: all, check: ${check} }
`,
  )
  const files = names.map((name) => join(homes, name, '.cursor/mcp.json'))
  for (const name of names)
    product.write(
      `homes/${name}/.cursor/mcp.json`,
      '{ "mcpServers": { "fs": { "command": "node", "args": ["x.js"] } } }',
    )
  for (const file of files) {
    for (const folder of [dirname(dirname(file)), dirname(file)]) chmodSync(folder, 0o755)
    chmodSync(file, 0o666)
  }
  for (const folder of [dirname(product.home), product.home, homes]) chmodSync(folder, 0o755)
  product.answer = 'yes'
  const modes = () => files.map((file) => (statSync(file).mode & 0o777).toString(8))
  const driven = () => readFileSync(join(product.home, 'driven'), 'utf8').trim().split('\n')
  return { product, homes, modes, driven }
}

test('a bad update stops in ring 0 of 20 endpoints and is taken back there', async () => {
  const { product, homes, modes, driven } = fleet(false)
  await product.run(scan, { duties: ['vulnerability-scanning'], homes: [homes] })
  const before = modes()
  const { output, outcome, text } = await product.run(rollout, {
    what: [rule],
    homes: [homes],
  })
  expect(outcome).toBe('findings')
  expect(output.rings.map(({ name, homes: count }) => [name, count])).toEqual([
    ['canary', 2],
    ['part', 7],
    ['all', 11],
  ])
  expect(output.rings.map(({ change }) => change.outcome)).toEqual(['rolled-back', 'abandoned', 'abandoned'])
  expect(output.stopped).toMatch(/stopped in ring "canary": the check ended with 1: home-01: no such right/)
  // Nothing of it is open: going on is no longer what there is to do.
  expect(text({ ascii: true, colour: false, width: 200, verbose: false })).toMatch(
    /Stopped: it stopped[\s\S]*then all is planned anew: upkeep rollout <server>/,
  )
  expect(modes()).toEqual(before)
  expect(driven().some((line) => line.endsWith('home-01'))).toBe(true)
  expect(driven().some((line) => /home-(0[3-9]|[12])/.test(line))).toBe(false)
})

test('a good one goes from ring to ring, and waits while a ring has to hold', async () => {
  const { product, homes, modes } = fleet(true)
  await product.run(scan, { duties: ['vulnerability-scanning'], homes: [homes] })
  const first = await product.run(rollout, {
    what: [rule],
    homes: [homes],
  })
  expect(first.output.stopped).toMatch(/ring "canary" has to hold until/)
  const updated = () => modes().filter((mode) => mode === '644').length
  expect(updated()).toBe(2)
  expect((await product.run(rollout)).output.stopped).toMatch(/has to hold until/)
  expect(updated()).toBe(2)
  product.clock.advance(3_700)
  expect((await product.run(rollout)).output).toMatchObject({ stopped: null })
  expect(updated()).toBe(20)
  const all = (await product.run(changes, { all: true })).output.changes
  expect(all.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done'])
  await expect(product.run(rollout)).rejects.toThrow('No rollout is open')
})
