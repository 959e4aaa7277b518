import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeTar } from '@upkeep/lab/archives/write-tar'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { keep } from './keep.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

const files = {
  'package.json': JSON.stringify({ name: 'dep', version: '1.0.0', license: 'MIT', scripts: {} }),
  'index.js': 'module.exports = 1\n',
}
const pieces = Object.entries(files).map(([name, text]) => ({ path: `package/${name}`, content: text }))
const tarball = gzipSync(writeTar(pieces))
const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`

let registry: Running
beforeEach(async () => {
  registry = await serve((request, response) => {
    const isTarball = request.url === '/dep/-/dep-1.0.0.tgz'
    response.writeHead(isTarball ? 200 : 405).end(isTarball ? tarball : '')
  })
})
afterEach(() => registry.close())

/** A server with one dependency, installed as npm leaves it. */
function installed() {
  const product = testProduct({ npm_config_registry: new URL(registry.url).origin })
  product.write(
    'srv/package.json',
    JSON.stringify({ name: 'srv', version: '1.0.0', license: 'MIT', dependencies: { dep: '1.0.0' } }),
  )
  product.write('upkeep.yaml', 'version: 1\nprofile: team\n')
  product.write('srv/index.js', '')
  for (const [name, text] of Object.entries(files)) product.write(`srv/node_modules/dep/${name}`, text)
  const record = {
    packages: { 'node_modules/dep': { version: '1.0.0', integrity, resolved: `${registry.url}/dep-1.0.0.tgz` } },
  }
  product.write('srv/node_modules/.package-lock.json', JSON.stringify(record))
  const entry = { command: 'node', args: [join(product.home, 'srv/index.js')] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { srv: entry } }))
  return product
}

const look = { duties: ['dependency-management'] }

test('packages are kept with consent alone, and what is changed on the disk afterwards is found', async () => {
  const product = installed()
  await expect(product.run(keep, { online: true })).rejects.toMatchObject({ code: 'not-found' })
  await product.run(scan, look)
  await expect(product.run(keep)).rejects.toMatchObject({ code: 'bad-input', action: 'Add --online.' })
  await expect(product.run(keep, { server: 'other', online: true })).rejects.toMatchObject({ code: 'not-found' })

  const first = await product.run(keep, { online: true })
  expect(first.output).toMatchObject({ kept: [{ name: 'dep', version: '1.0.0', bytes: tarball.length }], refused: [] })
  expect(first.output.unrecorded).toEqual(['srv 1.0.0'])
  expect((await product.run(keep, { server: 'srv', online: true })).output).toMatchObject({
    kept: [],
    had: [{ name: 'dep' }],
  })

  const same = await product.run(scan, look)
  const verdict = same.output.report.verdicts.find(({ duty }) => duty === 'dependency-management')
  expect(JSON.stringify(verdict)).toContain('each file of 1 of 2 packages is as in the kept package')

  product.write('srv/node_modules/dep/index.js', 'module.exports = 2\n')
  await product.run(scan, look)
  const { output } = await product.run(findings)
  expect(JSON.stringify(output)).toContain('index.js was changed after the package was installed')
})
