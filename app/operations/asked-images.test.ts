import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { madeRepository } from '@upkeep/engine/change/testing/made-repository'
import { dockerSave, manifestDigest, ociLayout, writeLayout } from '@upkeep/lab/archives/image'
import { beforeEach, expect, test } from 'vitest'
import { fix } from './fix.ts'
import { presentPerson } from './person.cases.ts'
import { type TestProduct, testProduct } from './product.cases.ts'
import { undo } from './undo.ts'

const image = 'ghcr.io/acme/server:1.2'
const given = `sha256:${'ab'.repeat(32)}`
const compose = `# of the team\r\nservices:\r\n  mcp: # the one\r\n    image: "${image}"\r\n  cache:\r\n    image: redis:7\r\n`
const manifest = `kind: ConfigMap\napiVersion: v1\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - image: ${image}\n`
const layer = [{ path: 'app/package.json', content: '{"name":"server","version":"1.0.0"}' }]
const reason = 'What runs shall be what was tested'

let product: TestProduct
beforeEach(() => {
  product = testProduct({}, presentPerson())
  product.write('compose.yaml', compose)
  product.write('k8s/all.yaml', manifest)
})
const pin = (more = {}) =>
  product.run(fix, { what: ['compose.yaml', 'k8s/all.yaml'], pinImages: true, key: 'k', reason, ...more })
const read = (name: string) => readFileSync(join(product.home, name), 'utf8')

test('the digest that was given stands behind the tag everywhere, and undoing gives back the very bytes', async () => {
  const { output } = await pin({ image, to: given })
  expect(output.change?.outcome).toBe('done')
  expect(read('compose.yaml')).toBe(compose.replace(image, `${image}@${given}`))
  expect(read('k8s/all.yaml')).toBe(manifest.replace(image, `${image}@${given}`))
  await expect(pin({ image, to: given })).resolves.toMatchObject({ output: { change: null } })
  await product.run(undo)
  expect([read('compose.yaml'), read('k8s/all.yaml')]).toEqual([compose, manifest])
})

test('the digest of an archive is taken where upkeep.yaml names one; what has none is left out and named', async () => {
  const layout = ociLayout([layer])
  writeLayout(join(product.home, 'layout'), layout)
  product.write('upkeep.yaml', `version: 1\nimages: [{ reference: "${image}", path: layout }]\n`)
  const { output } = await pin()
  expect(read('compose.yaml')).toBe(compose.replace(image, `${image}@${manifestDigest(layout)}`))
  expect(output.change?.plan.limits.join()).toContain('left out: redis:7: upkeep.yaml names no archive of it')
})

test('an archive that states no digest, or holds other bytes than it states, gives none', async () => {
  writeFileSync(join(product.home, 'saved.tar'), dockerSave([layer]))
  product.write('upkeep.yaml', `version: 1\nimages: [{ reference: "${image}", path: saved.tar }]\n`)
  await expect(pin({ image })).rejects.toThrow('it states no digest')
  const layout = ociLayout([layer])
  writeLayout(join(product.home, 'layout'), layout)
  const blob = join(product.home, 'layout/blobs/sha256', manifestDigest(layout).slice('sha256:'.length))
  writeFileSync(blob, `${readFileSync(blob, 'utf8')} `)
  product.write('upkeep.yaml', `version: 1\nimages: [{ reference: "${image}", path: layout }]\n`)
  await expect(pin({ image })).rejects.toThrow('is not the bytes that its digest names')
  expect(read('compose.yaml')).toBe(compose)
})

test('in a repository it can be a branch', async () => {
  const repository = madeRepository(join(product.home, 'k8s'))
  repository.commit('all.yaml')
  const { output } = await pin({ what: ['k8s/all.yaml'], to: given, branch: true })
  const [effect] = output.change?.plan.effects ?? []
  const ref = effect?.kind === 'git-ref' ? effect.ref : ''
  expect(repository.git('cat-file', 'blob', `${ref}:all.yaml`)).toBe(
    manifest.replace(image, `${image}@${given}`).trim(),
  )
  expect(read('k8s/all.yaml')).toBe(manifest)
  repository.git('merge', '--quiet', '--ff-only', ref)
  expect((await product.run(fix, { change: output.change?.id ?? '' })).output.change?.outcome).toBe('done')
})

test.each([
  ['several images and one digest', { to: given }, /names 2 images/],
  ['no digest', { to: '2.0.1' }, /no digest of an image/],
  ['a file that is not there', { what: ['none.yaml'], to: given }, /is not there/],
  ['an image that it does not name', { image: 'other', to: given }, /is to be named by a digest there/],
])('%s is refused', async (_, more, message) => {
  await expect(pin(more)).rejects.toThrow(message)
  expect(read('compose.yaml')).toBe(compose)
})
