import { describe, expect, test } from 'vitest'
import { isAsked, packageQuestion, questionKeys } from './package-question.ts'

describe('a package that is asked about', () => {
  test.each([
    ['express', 'express', null, 5],
    ['express@4.21.0', 'express', '4.21.0', 5],
    ['@scope/part@^1.2', '@scope/part', '^1.2', 5],
    ['@scope/part', '@scope/part', null, 5],
    ['npm:@scope/part@<2', '@scope/part', '<2', 1],
    ['pypi:Requests@>=2,<3', 'Requests', '>=2,<3', 1],
    ['pkg:npm/%40scope/part@1.0.0', '@scope/part', '1.0.0', 1],
    ['pkg:pypi/mcp', 'mcp', null, 1],
    ['pkg:golang/github.com/acme/thing@v1.0.0', 'github.com/acme/thing', 'v1.0.0', 1],
  ])('%s', (text, name, range, ecosystems) => {
    const question = packageQuestion(text)
    expect(question).toMatchObject({ name, range })
    expect(question?.ecosystems).toHaveLength(ecosystems)
  })

  test.each(['', ' ', 'pkg:nonsense', 'pkg:cargo/x', 'gem:x', 'express@', 'x'.repeat(600)])('%s is none', (text) => {
    expect(packageQuestion(text)).toBeNull()
  })

  test('PyPI spellings have one key', () => {
    const question = packageQuestion('pypi:My_Package.X')
    expect(question && questionKeys(question)).toEqual(['PyPI:my-package-x'])
  })
})

describe('a version', () => {
  test.each([
    ['npm:x@<4.22.0', '4.21.0', 'yes'],
    ['npm:x@<4.22.0', '4.22.0', 'no'],
    ['npm:x@<4.22.0', '4.22.0-rc.1', 'yes'],
    ['npm:x@1.x', '1.9.9', 'yes'],
    ['npm:x@<2', 'not a version', 'unknown'],
    ['npm:x@<2', null, 'unknown'],
    ['npm:x@not a range', '1.0.0', 'unknown'],
    ['npm:x', null, 'yes'],
    ['pypi:x@>=2,<3', '2.5', 'yes'],
    ['pypi:x@>=2,<3', '3.0', 'no'],
    ['pypi:x@2.5', '2.5.0', 'yes'],
    ['pypi:x@??', '2.5', 'unknown'],
    ['deb:openssl@<3.0.13-1~deb12u1', '3.0.11-1~deb12u2', 'yes'],
    ['deb:openssl@<3.0.11-1', '3.0.11-1~deb12u2', 'yes'],
    ['deb:openssl@<3.0.11-1', '3.0.11-1', 'no'],
    ['deb:openssl@>=3.0.11-1,<1:0', '3.0.12-1', 'yes'],
    ['pkg:apk/alpine/musl@1.2.4-r2', '1.2.4-r10', 'no'],
    ['apk:musl@<1.2.4-r10', '1.2.4-r2', 'yes'],
    ['apk:musl@<latest', '1.2.4-r2', 'unknown'],
  ])('%s: %s is %s', (text, version, expected) => {
    const question = packageQuestion(text)
    const [key = ''] = question === null ? [] : questionKeys(question)
    expect(question && isAsked(question, key, version)).toBe(expected)
  })
})
