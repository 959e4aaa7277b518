import { expect, test } from 'vitest'
import type { PageAsked } from './messages.ts'
import { pageOf, prepared } from './pages.ts'

const rows = [
  { name: 'beta', size: 10, inner: { of: 'x' } },
  { name: 'alpha', size: 9, inner: { of: 'Looked for' } },
  { name: 'gamma', size: 100, inner: null },
]
const whole: PageAsked = { offset: 0, count: 50, search: null, sort: null }
const names = (asked: Partial<PageAsked>) =>
  pageOf(prepared(rows), { ...whole, ...asked }).rows.map((row) => Object(row).name)

test.each([
  ['as they are', {}, ['beta', 'alpha', 'gamma']],
  ['a part', { offset: 1, count: 1 }, ['alpha']],
  ['past the end', { offset: 9 }, []],
  ['by name', { sort: 'name' }, ['alpha', 'beta', 'gamma']],
  ['by number, not by text, the other way round', { sort: '-size' }, ['gamma', 'beta', 'alpha']],
  ['by what some do not have', { sort: 'inner.of' }, ['gamma', 'alpha', 'beta']],
  ['that hold a text, whatever its case, in a value', { search: 'looked' }, ['alpha']],
  ['that hold it only in the name of a property', { search: 'size' }, []],
])('rows %s', (_, asked, expected) => {
  expect(names(asked)).toEqual(expected)
})

test('a property that no row has is an error, and no empty order', () => {
  expect(() => names({ sort: 'nothing' })).toThrow('no row has that property')
  expect(() => names({ sort: '__proto__.polluted' })).toThrow('no row has that property')
})

test('the whole is counted, not the page', () => {
  expect(pageOf(prepared(rows), { ...whole, count: 1, search: 'a' }).total).toBe(3)
})
