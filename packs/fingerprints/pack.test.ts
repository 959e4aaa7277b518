import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'

const folder = import.meta.dirname
const Package = z.object({ name: z.string(), versions: z.array(z.string()), words: z.array(z.string()) })

function json(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'))
}

test('the manifest was made for these files', () => {
  const { digest } = z.object({ digest: z.string() }).parse(json('manifest.json'))
  const names = [...readdirSync(join(folder, 'generated')).map((name) => `generated/${name}`), 'sources.json'].sort()
  const hash = createHash('sha256')
  for (const name of names) {
    hash.update(
      `${name}\n${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}\n`,
    )
  }
  expect(digest).toBe(hash.digest('hex'))
})

test('every version has the tarball that it was made from, and only hashes of it are kept', () => {
  const sources = z.record(z.string(), z.string().length(64)).parse(json('sources.json'))
  const packages = readdirSync(join(folder, 'generated')).map((name) => Package.parse(json(`generated/${name}`)))
  const specs = packages.flatMap(({ name, versions }) => versions.map((version) => `${name}@${version}`))
  expect(Object.keys(sources).sort()).toEqual(specs.sort())
  for (const { words } of packages) for (const word of words) expect(word).toMatch(/^[0-9a-f]{12}$/)
})
