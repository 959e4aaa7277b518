import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'
import { adopt, draftIn, keptObjectsIn } from '@upkeep/engine/vault/kept-tarballs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Candidate } from './candidate.ts'
import { exactBytes } from './exact-bytes.ts'
import type { VersionStep } from './prospect.ts'

let stateDir = ''
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'upkeep-bytes-'))
})
afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

/** Digests of archives by the text that they hold. */
const digest = (text: string) => `sha512-${createHash('sha512').update(text).digest('base64')}`
async function keep(text: string): Promise<string> {
  const objects = keptObjectsIn(stateDir)
  const draft = draftIn(objects)
  writeFileSync(draft, text)
  await adopt(objects, draft, digest(text))
  return digest(text)
}

const input = {
  kind: 'set-server-version' as const,
  path: '/c',
  server: 'notes',
  package: 'notes',
  from: '1.0.0',
  to: '1.1.0',
}
const packages = [
  { name: 'notes', version: '1.1.0', integrity: digest('notes') },
  { name: 'part', version: '1.0.0', integrity: digest('part') },
  { name: 'other', version: '2.0.0', integrity: null },
]
const candidate: Candidate = {
  name: 'notes',
  version: '1.1.0',
  tree: '/tree',
  integrity: digest('notes'),
  packages: packages.slice(0, 2),
  scripts: [],
}
const step: VersionStep = { input, candidate, at: '/npx', why: '', ofNpm: true, there: false }

test('all that was laid out is kept: counted', async () => {
  for (const text of ['notes', 'part']) await keep(text)
  const { outcome, detail } = await exactBytes(step, stateDir)
  expect({ outcome, detail }).toMatchObject({ outcome: 'passed', detail: expect.stringContaining('; 2 packages kept') })
  expect(detail).not.toContain('not kept')
})

test('what is not kept is not counted, and named', async () => {
  await keep('notes')
  const { outcome, detail } = await exactBytes({ ...step, candidate: { ...candidate, packages } }, stateDir)
  expect(outcome).toBe('passed')
  expect(detail).toContain(
    '1 of 3 packages kept; not kept, so that they would have to be fetched again: part 1.0.0, other 2.0.0',
  )
})

test('a kept archive with other bytes fails it, whichever package it is of', async () => {
  for (const text of ['notes', 'part']) await keep(text)
  writeFileSync(join(keptObjectsIn(stateDir), keptPath(digest('part')) ?? ''), 'other bytes')
  expect(await exactBytes(step, stateDir)).toMatchObject({
    outcome: 'failed',
    detail: expect.stringContaining('part 1.0.0'),
  })
  writeFileSync(join(keptObjectsIn(stateDir), keptPath(digest('notes')) ?? ''), 'other bytes')
  expect(await exactBytes(step, stateDir)).toMatchObject({
    outcome: 'failed',
    detail: expect.stringContaining('altered'),
  })
})

test.each<[string, Partial<VersionStep>, string, string]>([
  ['not fetched', { candidate: null }, 'not-run', 'with --online it is'],
  [
    'fetched, and gone since',
    { candidate: null, input: { ...input, integrity: digest('notes') } },
    'failed',
    'no longer there',
  ],
  [
    'of another registry',
    { candidate: null, ofNpm: false, why: 'where uvx keeps it is not filled by us' },
    'not-run',
    'only what comes from npm is (where uvx keeps it is not filled by us)',
  ],
  ['not what the plan names', { input: { ...input, integrity: digest('x') } }, 'failed', 'not what the plan names'],
  [
    'a launcher with a place of its own',
    { at: null, why: 'where bunx keeps it is not filled by us' },
    'passed',
    'where bunx keeps it is not filled by us: its client fetches it once more',
  ],
])('%s', async (_name, over, outcome, says) => {
  for (const text of ['notes', 'part']) await keep(text)
  expect(await exactBytes({ ...step, ...over }, stateDir)).toMatchObject({
    outcome,
    detail: expect.stringContaining(says),
  })
})
