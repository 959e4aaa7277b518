import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PackageURL } from 'packageurl-js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { componentUrl } from './component-url.ts'
import { packageQuestion } from './package-question.ts'
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
  qualifiers: z.record(z.string(), z.string()).nullable(),
})
const types = [['npm', 'npm-test.json'] as const, ['PyPI', 'pypi-test.json'] as const]

function vectorsOf(file: string) {
  return Vectors.parse(JSON.parse(readFileSync(join(shared, file), 'utf8'))).tests
}

/** A package's name as its registry has it. */
function fullName({ namespace, name }: z.infer<typeof Parts>): string {
  return namespace === null ? name : `${namespace}/${name}`
}

describe('packageUrl', () => {
  test.skipIf(!existsSync(shared))('builds what ../shared/data/purl expects', () => {
    let built = 0
    let qualified = 0
    for (const [ecosystem, file] of types) {
      const builds = vectorsOf(file).filter((each) => each.test_type === 'build')
      for (const one of builds) {
        expect(one.expected_failure, one.description).toBe(false)
        const parts = Parts.parse(one.input)
        // What is built here never has a qualifier: of such a vector everything before it must be the same.
        const [expected] = z.string().parse(one.expected_output).split('?')
        expect(packageUrl(ecosystem, fullName(parts), parts.version), one.description).toBe(expected)
        built += 1
        if (parts.qualifiers !== null) qualified += 1
      }
    }
    expect([built, qualified]).toEqual([9, 3])
  })

  test.skipIf(!existsSync(shared))(
    'what is read out of each URL of ../shared/data/purl is the package it names',
    () => {
      let read = 0
      for (const [ecosystem, file] of types) {
        for (const one of vectorsOf(file).filter((each) => each.test_type === 'parse')) {
          const parts = Parts.parse(one.expected_output)
          const question = packageQuestion(z.string().parse(one.input))
          const expected = { ecosystems: [ecosystem], name: fullName(parts), range: parts.version }
          expect(question, one.description).toEqual(expected)
          read += 1
        }
        for (const one of vectorsOf(file).filter((each) => each.test_type === 'validate')) {
          const [url, canonical] = [one.input, one.expected_output].map((text) => z.string().parse(text))
          expect(packageQuestion(url ?? ''), one.description).toEqual(packageQuestion(canonical ?? ''))
          read += 1
        }
      }
      expect(read).toBe(24)
    },
  )

  test.skipIf(!existsSync(shared))('a URL of ../shared/data/purl that is none is no package', () => {
    const bad = vectorsOf('specification-test.json').filter(
      (each) => each.test_type === 'parse' && `${each.input}`.startsWith('pkg:'),
    )
    for (const one of bad) expect(packageQuestion(z.string().parse(one.input)), one.description).toBeNull()
    expect(bad.length).toBeGreaterThan(5)
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
  ['deb', 'libssl3', '3.0.11-1~deb12u2', 'Debian:12', 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2?distro=debian-12'],
  [
    'deb',
    'libc6',
    '1:2.35-0ubuntu3.4',
    'Ubuntu:22.04:LTS',
    'pkg:deb/ubuntu/libc6@1:2.35-0ubuntu3.4?distro=ubuntu-22.04',
  ],
  ['deb', 'libstdc++6', '12.2.0-14', 'Debian:12', 'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?distro=debian-12'],
  ['apk', 'musl', '1.2.4-r2', 'Alpine:v3.18', 'pkg:apk/alpine/musl@1.2.4-r2?distro=alpine-3.18'],
  ['apk', 'glibc', '2.39-r1', 'Wolfi', 'pkg:apk/wolfi/glibc@2.39-r1?distro=wolfi'],
  ['apk', 'musl', '1.2.4-r2', null, null],
  ['npm', 'express', '4.17.0', null, 'pkg:npm/express@4.17.0'],
] as const)('component %s %s %s of %s', (ecosystem, name, version, distribution, url) => {
  expect(componentUrl(ecosystem, name, version, distribution)).toBe(url)
  if (url !== null) expect(PackageURL.fromString(url)).toMatchObject({ version, type: ecosystem })
})

test('a source package of a distribution says that it is one', () => {
  expect(packageUrl('Debian:12', 'openssl', '3.0.11-1')).toBe(
    'pkg:deb/debian/openssl@3.0.11-1?arch=source&distro=debian-12',
  )
})

test.each([
  ['Debian:12', 'openssl', 'Debian:12:openssl'],
  ['PyPI', 'Foo.Bar__baz', 'PyPI:foo-bar-baz'],
  ['npm', 'JSONStream', 'npm:JSONStream'],
])('the key of %s %s is %s', (ecosystem, name, key) => {
  expect(packageKey(ecosystem, name)).toBe(key)
})
