import { expect, test } from 'vitest'
import { maintainersAt } from './maintainers.ts'

const versions = ['1.0.0', '1.1.0', '2.0.0'].map((version) => ({
  version,
  engines: null,
  deprecated: false,
  publishedAt: null,
  integrity: null,
}))
const since = [
  { from: '1.0.0', names: ['ada'] },
  { from: '2.0.0', names: ['eve'] },
]

test.each([
  ['1.0.0', ['ada']],
  ['1.1.0', ['ada']],
  ['2.0.0', ['eve']],
])('at %s', (version, former) => {
  expect(maintainersAt({ versions, maintainers: { now: ['eve'], since } }, version)).toEqual({
    former,
    present: ['eve'],
  })
})

test('unknown where the registry does not say', () => {
  expect(maintainersAt({ versions }, '1.0.0')).toBeNull()
  expect(maintainersAt({ versions, maintainers: { now: ['eve'], since } }, '3.0.0')).toBeNull()
  expect(maintainersAt({ versions, maintainers: { now: [], since } }, '1.0.0')).toBeNull()
  const silent = [{ from: '1.0.0', names: [] }]
  expect(maintainersAt({ versions, maintainers: { now: ['eve'], since: silent } }, '1.0.0')).toBeNull()
})
