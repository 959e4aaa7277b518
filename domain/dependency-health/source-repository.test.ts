import { expect, test } from 'vitest'
import { plainRepository } from './source-repository.ts'

test.each([
  ['https://github.com/acme/one', 'github.com/acme/one'],
  ['git+https://github.com/Acme/One.git', 'github.com/acme/one'],
  ['git://github.com/acme/one.git#main', 'github.com/acme/one'],
  ['git+ssh://git@github.com/acme/one.git', 'github.com/acme/one'],
  ['git@github.com:acme/one.git', 'github.com/acme/one'],
  ['ssh://git@git.example:2222/acme/one.git', 'git.example/acme/one'],
  ['https://user:word@github.com/acme/one', 'github.com/acme/one'],
  ['http://www.github.com/acme/one/', 'github.com/acme/one'],
  ['https://github.com/acme/one/tree/main/packages/two', 'github.com/acme/one'],
  ['acme/one', 'github.com/acme/one'],
  ['github:acme/one#v1', 'github.com/acme/one'],
  ['gitlab:acme/one', 'gitlab.com/acme/one'],
  ['https://gitlab.com/group/sub/one/-/tree/main', 'gitlab.com/group/sub/one'],
  ['https://gitlab.com/group/sub/one.git', 'gitlab.com/group/sub/one'],
])('%s is %s', (text, plain) => {
  expect(plainRepository(text)).toBe(plain)
})

test.each([
  '',
  'one',
  'https://github.com/acme',
  'https://github.com/',
  'gist:11081aaa281',
  'https://gist.github.com/a/b',
])('%s names none', (text) => expect(plainRepository(text)).toBeNull())

test('a long text costs no more than its length', () => {
  const longer = (times: number) => `https://github.com/${'a/'.repeat(times)}${'@'.repeat(times)}`
  expect(plainRepository(longer(100_000))).toBeNull()
})
