import { expect, test } from 'vitest'
import { meetsRequest, npmRequest } from './npx-request.ts'

test.each([
  [null, 'none'],
  ['', 'any'],
  ['*', 'any'],
  ['2025.3.28', 'version'],
  ['v1.0.0', 'version'],
  ['=1.0.0', 'version'],
  ['^1.0.0', 'range'],
  ['1', 'range'],
  ['>=1 <3 || 5.x', 'range'],
  ['latest', 'tag'],
  ['next-14', 'tag'],
  ['npm:other@1.0.0', 'other'],
  ['github:a/b', 'other'],
  ['../folder', 'other'],
  ['1'.repeat(300), 'other'],
])('%s is %s', (requested, kind) => expect(npmRequest(requested)).toBe(kind))

test.each([
  ['1.2.3', null, true],
  ['1.2.3', '*', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.3', 'v1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['1.2.4', '^1.2.3', true],
  ['2.0.0', '^1.2.3', false],
  ['2.0.0', 'latest', false],
  ['not a version', '1.2.3', false],
  ['not a version', '^1', false],
])('%s meets %s: %s', (version, requested, met) => expect(meetsRequest(version, requested)).toBe(met))
