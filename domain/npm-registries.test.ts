import { describe, expect, test } from 'vitest'
import { registriesIn, registryFor } from './npm-registries.ts'
import { readNpmrc } from './npmrc.ts'

const none = () => null

describe('an .npmrc', () => {
  test.each([
    ['registry=https://r.example/', 'registry', 'https://r.example/'],
    ['  registry = "https://r.example/" ', 'registry', 'https://r.example/'],
    ['@acme:registry=https://a.example', '@acme:registry', 'https://a.example'],
    ['registry=https://one.example\nregistry=https://two.example', 'registry', 'https://two.example'],
    [`registry=https://\${HOST}/npm`, 'registry', 'https://r.example/npm'],
  ])('%j says %s', (text, key, value) => {
    expect(readNpmrc(text, (name) => (name === 'HOST' ? 'r.example' : null)).get(key)).toBe(value)
  })

  test.each(['# registry=https://r.example', ';registry=x', '[registry]', '', '=x'])('%j says nothing', (text) => {
    expect(readNpmrc(text, none)).toEqual(new Map())
  })
})

describe('the registry of a package', () => {
  const user = readNpmrc(
    'registry=https://corp.example/npm/\n@acme:registry=https://acme.example/\n@bad:registry=nowhere',
    none,
  )

  test.each([
    ['plain', 'https://corp.example/npm/'],
    ['@acme/tool', 'https://acme.example/'],
    ['@other/tool', 'https://corp.example/npm/'],
    ['@bad/tool', 'https://corp.example/npm/'],
    ['acme', 'https://corp.example/npm/'],
    ['__proto__', 'https://corp.example/npm/'],
  ])('%s', (name, url) => {
    expect(registryFor(registriesIn([user]), name)).toBe(url)
  })

  test('the environment counts before a file, and the public registry where nothing is said', () => {
    const env = new Map([['registry', 'https://env.example']])
    expect(registryFor(registriesIn([env, user]), 'x')).toBe('https://env.example')
    expect(registryFor(registriesIn([env, user]), '@acme/x')).toBe('https://acme.example/')
    expect(registryFor(registriesIn([]), 'x')).toBe('https://registry.npmjs.org')
    expect(registryFor(registriesIn([new Map([['registry', 'file:///etc/passwd']])]), 'x')).toBe(
      'https://registry.npmjs.org',
    )
  })
})
