import { expect, test } from 'vitest'
import { licenceStanding } from './licence-expression.ts'

const usual = new Set(['MIT', 'Apache-2.0', 'ISC'])

test.each([
  ['MIT', 'usual'],
  ['mit', 'usual'],
  ['Apache-2.0+', 'usual'],
  ['(MIT OR GPL-3.0-only)', 'usual'],
  ['GPL-3.0-only OR (ISC AND MIT)', 'usual'],
  ['Apache-2.0 WITH LLVM-exception', 'usual'],
  ['MIT AND GPL-3.0-only', 'unusual'],
  ['(MIT OR ISC) AND AGPL-3.0-only', 'unusual'],
  ['GPL-2.0-only WITH Classpath-exception-2.0', 'unusual'],
  ['UNLICENSED', 'unusual'],
  ['BUSL-1.1', 'unusual'],
  ['', 'unreadable'],
  ['SEE LICENSE IN LICENSE.md', 'unreadable'],
  ['MIT OR', 'unreadable'],
  ['(MIT', 'unreadable'],
  ['MIT)', 'unreadable'],
  ['MIT WITH', 'unreadable'],
  ['('.repeat(400), 'unreadable'],
  [`MIT${' OR MIT'.repeat(200)}`, 'unreadable'],
])('%s is %s', (stated, standing) => {
  expect(licenceStanding(stated, usual)).toBe(standing)
})
