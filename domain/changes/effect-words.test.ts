import type { PlannedEffect } from '@upkeep/contract/change-plan'
import { expect, test } from 'vitest'
import { effectWords } from './effect-words.ts'

const [file, entry, secret] = (['file', 'gateway-entry', 'stored-secret'] as const).map((kind) => ({ kind }))

test.each<[string, (Pick<PlannedEffect, 'kind'> | undefined)[]]>([
  ['0 files', []],
  ['1 file', [file]],
  ['2 files', [file, { kind: 'git-ref' }]],
  ['1 entry of a gateway', [entry]],
  ['2 secrets in stores', [secret, secret]],
  ['1 file and 1 secret in a store', [secret, file]],
  ['2 files, 2 entries of gateways and 1 secret in a store', [entry, file, secret, entry, file]],
])('%s', (words, effects) => {
  expect(effectWords(effects.filter((one) => one !== undefined))).toBe(words)
})
