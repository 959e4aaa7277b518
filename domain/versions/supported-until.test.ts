import { expect, test } from 'vitest'
import type { Distribution } from './distribution.ts'
import { supportedUntil } from './supported-until.ts'

test.each<[Distribution, ReturnType<typeof supportedUntil>]>([
  ['Alpine:v3.18', { day: '2025-05-09', before: false }],
  ['Alpine:v3.9', { day: '2023-05-01', before: true }],
  ['Alpine:v3.30', null],
  ['Debian:12', { day: '2028-06-30', before: false }],
  ['Debian:7', { day: '2024-06-30', before: true }],
  ['Debian:14', null],
  ['Ubuntu:22.04:LTS', { day: '2027-05-31', before: false }],
  ['Ubuntu:23.10', { day: '2024-07-28', before: false }],
  ['Ubuntu:16.04:LTS', { day: '2023-05-31', before: true }],
  ['Wolfi', null],
])('%s', (distribution, until) => {
  expect(supportedUntil(distribution)).toEqual(until)
})
