import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeTar } from '@upkeep/lab/archives/write-tar'
import { type Running, serve } from '@upkeep/lab/servers/loopback'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { keep } from './keep.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'

/** What only an install script would make. */
const mark = join(mkdtempSync(join(tmpdir(), 'upkeep-keep-')), 'ran')
const scripts = { preinstall: `touch '${mark}'`, install: `touch '${mark}'`, postinstall: `touch '${mark}'` }
const packages = {
  dep: { 'package.json': manifest('dep', {}), 'index.js': 'module.exports = 1\n' },
  built: { 'package.json': manifest('built', scripts) },
}
const tarballs = new Map(Object.entries(packages).map(([name, files]) => [name, packed(files)]))

function manifest(name: string, own: Record<string, string>): string {
  return JSON.stringify({ name, version: '1.0.0', license: 'MIT', scripts: own })
}

function packed(files: Record<string, string>): Buffer {
  return gzipSync(writeTar(Object.entries(files).map(([name, content]) => ({ path: `package/${name}`, content }))))
}

let registry: Running
beforeEach(async () => {
  registry = await serve((request, response) => {
    const bytes = tarballs.get(/^\/(\w+)\/-\/\w+-1\.0\.0\.tgz$/.exec(request.url ?? '')?.[1] ?? '')
    response.writeHead(bytes === undefined ? 405 : 200).end(bytes)
  })
})
afterEach(() => registry.close())

/** A server with these dependencies, installed as npm leaves them. */
function installed(...names: (keyof typeof packages)[]) {
  const product = testProduct({ npm_config_registry: new URL(registry.url).origin })
  product.write('upkeep.yaml', 'version: 1\nprofile: team\n')
  product.write('srv/index.js', '')
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']))
  product.write('srv/package.json', JSON.stringify({ name: 'srv', version: '1.0.0', license: 'MIT', dependencies }))
  for (const name of names) {
    for (const [file, text] of Object.entries(packages[name])) product.write(`srv/node_modules/${name}/${file}`, text)
  }
  const recorded = names.map((name) => {
    const hash = createHash('sha512').update(tarballs.get(name) ?? '')
    return [`node_modules/${name}`, { version: '1.0.0', integrity: `sha512-${hash.digest('base64')}` }]
  })
  product.write('srv/node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(recorded) }))
  const entry = { command: 'node', args: [join(product.home, 'srv/index.js')] }
  product.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { srv: entry } }))
  return product
}

const look = { duties: ['dependency-management'] }

test('packages are kept with consent alone, and what is changed on the disk afterwards is found', async () => {
  const product = installed('dep')
  await expect(product.run(keep, { online: true })).rejects.toMatchObject({ code: 'not-found' })
  await product.run(scan, look)
  await expect(product.run(keep)).rejects.toMatchObject({ code: 'bad-input', action: 'Add --online.' })
  await expect(product.run(keep, { server: 'other', online: true })).rejects.toMatchObject({ code: 'not-found' })

  const { output: first } = await product.run(keep, { online: true })
  const bytes = tarballs.get('dep')?.length
  expect(first).toMatchObject({
    kept: [{ name: 'dep', version: '1.0.0', bytes }],
    refused: [],
    unrecorded: ['srv 1.0.0'],
  })
  const { output: again } = await product.run(keep, { server: 'srv', online: true })
  expect(again).toMatchObject({ kept: [], had: [{ name: 'dep' }] })

  const same = await product.run(scan, look)
  const verdict = same.output.report.verdicts.find(({ duty }) => duty === 'dependency-management')
  expect(JSON.stringify(verdict)).toContain('each file of 1 of 2 packages is as in the kept package')

  product.write('srv/node_modules/dep/index.js', 'module.exports = 2\n')
  await product.run(scan, look)
  const { output } = await product.run(findings)
  expect(JSON.stringify(output)).toContain('index.js was changed after the package was installed')
})

test('install scripts do not run when packages are fetched, and are named', async () => {
  const product = installed('dep', 'built')
  await product.run(scan, look)
  const { output } = await product.run(keep, { online: true })
  expect(output.kept.map(({ name }) => name)).toEqual(['built', 'dep'])
  const after = await product.run(scan, look)
  expect(JSON.stringify(after.output)).toContain(
    'built 1.0.0 runs preinstall, install, postinstall when it is installed',
  )
  expect(existsSync(mark)).toBe(false)
})

test('a registry that answers 405 is a refusal with its reason, and not everything is kept', async () => {
  const product = installed('dep')
  await product.run(scan, look)
  const kept = tarballs.get('dep')
  tarballs.delete('dep')
  const answer = await product.run(keep, { online: true })
  if (kept !== undefined) tarballs.set('dep', kept)
  expect(answer.output.refused).toMatchObject([{ name: 'dep', reason: 'it answered with status 405' }])
  expect(answer.outcome).toBe('not-evaluated')
})
