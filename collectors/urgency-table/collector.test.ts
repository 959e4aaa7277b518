import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFiles } from '@upkeep/engine/ports/files'
import { afterAll, expect, test } from 'vitest'
import { urgencyTable } from './collector.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-urgency-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

async function collect(urgency: string | undefined) {
  const [observation] = await urgencyTable.collect({
    for: { per: 'fleet', places: [] },
    prior: {},
    ports: { files: openFiles({ stateDir: null }).files },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: false,
      registryUrl: '',
      feeds: { osv: [], registry: [] },
      ...(urgency === undefined ? {} : { urgency }),
    },
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  return observation
}

test('the table that ships is whole', async () => {
  const own = join(import.meta.dirname, '../../packs/urgency/table.json')
  expect(await collect(own)).toMatchObject({ state: 'seen', facts: { id: 'upkeep-due-dates', version: 1 } })
})

test('a table that cannot be used is no table, and why is said without quoting it', async () => {
  const bad = join(root, 'bad.json')
  writeFileSync(bad, 'canary {')
  const observation = await collect(bad)
  expect(observation).toMatchObject({ state: 'unavailable', code: 'malformed' })
  expect(JSON.stringify(observation)).not.toContain('canary')
  expect(await collect(join(root, 'none.json'))).toMatchObject({ state: 'unavailable', code: 'not-configured' })
  expect(await collect(root)).toMatchObject({ state: 'unavailable', code: 'not-a-file' })
  expect(await collect(undefined)).toMatchObject({ state: 'unavailable', code: 'not-configured' })
})
