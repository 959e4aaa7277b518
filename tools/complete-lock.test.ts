import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { missingPlatforms } from './complete-lock.ts'
import { root } from './units.ts'

const holder = {
  optionalDependencies: {
    '@x/cli-linux-x64-musl': '1.2.3',
    '@x/cli-win32-arm64': '1.2.3',
    '@x/cli-linux-x64': '1.2.3',
  },
}

test('what the lock file lacks is named with the platform that its name says', () => {
  const lock = { packages: { 'node_modules/@x/cli': holder, 'node_modules/@x/cli-linux-x64': { version: '1.2.3' } } }
  expect(missingPlatforms(lock)).toEqual({
    'node_modules/@x/cli-linux-x64-musl': {
      version: '1.2.3',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      optional: true,
    },
    'node_modules/@x/cli-win32-arm64': { version: '1.2.3', os: ['win32'], cpu: ['arm64'], optional: true },
  })
})

test('a name that says no platform is not guessed', () => {
  expect(() => missingPlatforms({ packages: { a: { optionalDependencies: { native: '1.0.0' } } } })).toThrow(
    'does not say its platform',
  )
})

test('the lock file of this repository is complete', () => {
  expect(missingPlatforms(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))).toEqual({})
})
