import { expect, test } from 'vitest'
import { acceptsRuntime } from './accepts-runtime.ts'

test.each([
  ['>=18', '18.0.0', true],
  ['>=18', '16.20.2', false],
  ['^20.19.0 || >=22.12.0', '22.11.0', false],
  ['^20.19.0 || >=22.12.0', '22.12.0', true],
  ['*', '8.0.0', true],
  ['node 20 or later', '20.0.0', null],
  ['>'.repeat(300), '20.0.0', null],
])('%s and %s: %s', (engines, version, accepted) => {
  expect(acceptsRuntime(engines, version)).toBe(accepted)
})
