import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeTar } from '@upkeep/lab/archives/write-tar'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { afterEach, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { fix } from './fix.ts'
import { keep } from './keep.ts'
import { presentPerson } from './person.cases.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { undo } from './undo.ts'

const published = {
  'package.json': JSON.stringify({ name: 'dep', version: '1.0.0', license: 'MIT' }),
  'index.js': 'module.exports = 1\n',
  'lib/more.js': 'module.exports = 2\n',
}
const tarball = gzipSync(
  writeTar(Object.entries(published).map(([name, content]) => ({ path: `package/${name}`, content }))),
)
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
const asked = { what: ['srv'], restorePackages: true, reason: 'it was altered', key: 'the key of the test' }
const running: Running[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.close()
})

/** A server with one package, installed as npm leaves it and kept; then the registry is gone. */
async function kept() {
  const registry = await serve((_, response) => void response.writeHead(200).end(tarball))
  running.push(registry)
  const product = testProduct({ npm_config_registry: new URL(registry.url).origin }, presentPerson())
  product.write('upkeep.yaml', 'version: 1\nprofile: team\n')
  product.write('srv/index.js', '')
  const manifest = { name: 'srv', version: '1.0.0', license: 'MIT', dependencies: { dep: '1.0.0' } }
  product.write('srv/package.json', JSON.stringify(manifest))
  for (const [file, text] of Object.entries(published)) product.write(`srv/node_modules/dep/${file}`, text)
  const list = { packages: { 'node_modules/dep': { version: '1.0.0', integrity } } }
  product.write('srv/node_modules/.package-lock.json', JSON.stringify(list))
  const entry = { command: 'node', args: [join(product.home, 'srv/index.js')] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { srv: entry } }))
  await product.run(scan, { duties: ['dependency-management'] })
  await product.run(keep, { online: true })
  await registry.close()
  const folder = join(product.home, 'srv/node_modules/dep')
  return { product, folder, tree: () => treeOf(folder) }
}

/** Every file below a folder, by its path: mode and text. */
function treeOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  return Object.fromEntries(
    files
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((path) => [
        path.slice(folder.length + 1),
        `${statSync(path).mode.toString(8)} ${readFileSync(path, 'utf8')}`,
      ]),
  )
}

test('an altered tree is put back from what is kept, with the registry gone; undo gives the altered one back byte for byte', async () => {
  const { product, folder, tree } = await kept()
  const whole = tree()
  product.write('srv/node_modules/dep/index.js', 'require("child_process").exec("evil")\n')
  product.write('srv/node_modules/dep/evil.js', 'evil\n')
  rmSync(join(folder, 'lib/more.js'))
  const altered = tree()
  await product.run(scan, { duties: ['dependency-management'] })
  const { output } = await product.run(fix, asked)
  expect(output.change).toMatchObject({ outcome: 'done', sighting: { holds: true, findings: [{ state: 'resolved' }] } })
  expect(output.change?.sighting?.seen).toEqual([
    `1 package in ${join(product.home, 'srv')} file for file as published`,
  ])
  const texts = (of: Record<string, string>) =>
    Object.fromEntries(Object.entries(of).map(([name, text]) => [name, text.slice(7)]))
  expect(texts(tree())).toEqual(texts(whole))
  expect(JSON.stringify((await product.run(findings)).output)).not.toContain(
    'was changed after the package was installed',
  )
  await product.run(undo)
  expect(tree()).toEqual(altered)
})

test('a tree that is as published is no change; what is not a regular file is left, and said', async () => {
  const { product, folder } = await kept()
  const none = await product.run(fix, asked)
  expect([none.output.change, none.text({ width: 80, colour: false, ascii: true, verbose: false })]).toEqual([
    null,
    expect.stringMatching(/^Nothing is to be done/),
  ])
  product.write('srv/node_modules/dep/index.js', 'altered\n')
  symlinkSync('/etc/passwd', join(folder, 'link.js'))
  const { output } = await product.run(fix, asked)
  expect(output.change?.plan.limits).toContainEqual(
    expect.stringMatching(/link\.js is no file of its archive and no regular file/),
  )
  expect(output.change?.sighting?.seen).toEqual([
    expect.stringMatching(/one thing in it not as published, or not to be told/),
  ])
  expect(existsSync('/etc/passwd')).toBe(true)
})

test('an archive that is not kept whole puts nothing back', async () => {
  const { product, tree } = await kept()
  product.write('srv/node_modules/dep/index.js', 'altered\n')
  const altered = tree()
  const object = readdirSync(join(product.state, 'objects'), { recursive: true, withFileTypes: true }).find((one) =>
    one.isFile(),
  )
  const path = join(object?.parentPath ?? '', object?.name ?? '')
  const sound = readFileSync(path)
  writeFileSync(path, Buffer.concat([sound, Buffer.from('x')]))
  await expect(product.run(fix, asked)).rejects.toThrow(/no longer what was kept/)
  rmSync(path)
  await expect(product.run(fix, asked)).rejects.toThrow(/No archive of an installed package of it is kept here/)
  expect(tree()).toEqual(altered)
})
