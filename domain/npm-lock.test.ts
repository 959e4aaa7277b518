import { describe, expect, test } from 'vitest'
import { lockedTree } from './npm-lock.ts'

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { name: 'mine', version: '1.0.0', dependencies: { a: '^1' }, devDependencies: { tool: '1' } },
    'node_modules/a': { version: '1.2.0', dependencies: { b: '*', c: '*' }, optionalDependencies: { gone: '*' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { a: '*' } },
    'node_modules/c': { resolved: 'packages/c', link: true },
    'packages/c': { name: '@mine/c', version: '0.1.0', dependencies: { b: '*' } },
    'node_modules/tool': { version: '9.0.0', dev: true },
  },
})

function told(start: string): string[] | string | null {
  const tree = lockedTree(lock, start)
  return tree === null || typeof tree === 'string' ? tree : tree.packages.map((one) => `${one.name}@${one.version}`)
}

describe('a lockfile', () => {
  test('names what a package needs, each as Node would find it', () => {
    expect(told('node_modules/a')).toEqual(['a@1.2.0', 'b@2.0.0', 'b@1.0.0', '@mine/c@0.1.0'])
    expect(told('node_modules/tool')).toEqual(['tool@9.0.0'])
    expect(told('')).toEqual(['mine@1.0.0', 'a@1.2.0', 'b@2.0.0', 'b@1.0.0', '@mine/c@0.1.0'])
  })

  test('does not have what it does not name', () => {
    expect(told('node_modules/absent')).toBeNull()
  })

  test.each(['', '[]', '{"lockfileVersion":1,"dependencies":{}}', '{"packages":[]}', '{"packages":null}'])(
    '%s is none that is read',
    (text) => {
      expect(lockedTree(text, '')).toMatch(/no lockfile/)
    },
  )

  test('hostile entries are no packages with facts', () => {
    const text =
      '{"packages":{"":{"dependencies":{"__proto__":"1","x":"1"}},"node_modules/x":7,"__proto__":{"version":"1"}}}'
    expect(lockedTree(text, '')).toMatchObject({ packages: [{ path: '' }, { name: 'x', version: null }] })
  })
})
