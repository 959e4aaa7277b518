import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { packageKey, packageUrl } from './purl.ts'

const shared = join(import.meta.dirname, '../../shared/data/purl')
const Vectors = z.object({
  tests: z.array(
    z.object({
      test_type: z.string(),
      description: z.string(),
      input: z.unknown(),
      expected_output: z.unknown(),
      expected_failure: z.boolean(),
    }),
  ),
})
const Parts = z.object({
  namespace: z.string().nullable(),
  name: z.string(),
  version: z.string().nullable(),
  qualifiers: z.null(),
})

describe('packageUrl', () => {
  test.skipIf(!existsSync(shared))('builds what ../shared/data/purl expects', () => {
    let built = 0
    for (const [ecosystem, file] of [['npm', 'npm-test.json'] as const, ['PyPI', 'pypi-test.json'] as const]) {
      const { tests } = Vectors.parse(JSON.parse(readFileSync(join(shared, file), 'utf8')))
      for (const one of tests.filter((each) => each.test_type === 'build' && !each.expected_failure)) {
        const parts = Parts.safeParse(one.input)
        if (!parts.success) continue
        const { namespace, name, version } = parts.data
        const whole = namespace === null ? name : `${namespace}/${name}`
        expect(packageUrl(ecosystem, whole, version), one.description).toBe(one.expected_output)
        built += 1
      }
    }
    expect(built).toBeGreaterThan(3)
  })

  test.each([
    [
      'npm',
      '@modelcontextprotocol/server-filesystem',
      '2.0.1',
      'pkg:npm/%40modelcontextprotocol/server-filesystem@2.0.1',
    ],
    ['npm', 'mcp-remote', null, 'pkg:npm/mcp-remote'],
    ['PyPI', 'Django_Package', '1.0', 'pkg:pypi/django-package@1.0'],
    ['npm', '', '1.0', null],
  ] as const)('%s %s %s', (ecosystem, name, version, url) => {
    expect(packageUrl(ecosystem, name, version)).toBe(url)
  })
})

test.each([
  ['PyPI', 'Foo.Bar__baz', 'PyPI:foo-bar-baz'],
  ['npm', 'JSONStream', 'npm:JSONStream'],
])('the key of %s %s is %s', (ecosystem, name, key) => {
  expect(packageKey(ecosystem, name)).toBe(key)
})
