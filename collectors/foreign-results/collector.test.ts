import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { observationKinds, serverSubject } from '@upkeep/contract'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { keepResults, keptResultsIn, readForeignBytes } from '@upkeep/engine/intel/kept-results'
import { openFiles } from '@upkeep/engine/ports/files'
import { afterAll, describe, expect, test } from 'vitest'
import { foreignResults } from './collector.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-foreign-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const at = '2026-11-22T09:30:00.000Z'
const launch = {
  via: 'npx',
  ecosystem: 'npm',
  name: 'mcp-remote',
  requested: '0.1.15',
  pinned: true,
  packages: ['mcp-remote@0.1.15'],
} as const

async function look(stateDir: string | undefined) {
  const subject = serverSubject('cursor', '/home/ada/.cursor/mcp.json', 'crm')
  const facts = { ...plainServer, launch: { ...launch, packages: [...launch.packages] } }
  const [seen] = await foreignResults.collect({
    for: { per: 'fleet', places: [] },
    prior: {
      'declared-server': [{ kind: 'declared-server', subject, state: 'seen', facts }],
      'resolved-package': [],
      'bundled-code': [],
    },
    ports: { files: openFiles({ stateDir: null }).files },
    settings: {
      probe: [],
      connectToDeclared: false,
      online: false,
      registryUrl: '',
      feeds: { osv: [], registry: [] },
      ...(stateDir === undefined ? {} : { foreignResults: keptResultsIn(stateDir) }),
    },
    at,
    signal: { aborted: false },
  })
  return seen
}

function keep(stateDir: string, name: string, purls: string[]) {
  const results = purls.map((purl) => ({ ruleId: 'CVE-2025-6514', properties: { purl } }))
  const bytes = Buffer.from(JSON.stringify({ version: '2.1.0', runs: [{ results }] }))
  keepResults(stateDir, readForeignBytes(bytes, at), { name, bytes, at, about: null })
}

describe('results of other scanners', () => {
  test.each([undefined, join(root, 'nothing')])('none were taken in: absent', async (stateDir) => {
    expect(await look(stateDir)).toMatchObject({ state: 'absent' })
  })

  test('each with its source, cut to the packages that the fleet has', async () => {
    const stateDir = join(root, 'two')
    keep(stateDir, 'b', ['pkg:npm/mcp-remote@0.1.15', 'pkg:npm/left-pad@1.0.0'])
    keep(stateDir, 'a', [])
    const seen = await look(stateDir)
    if (seen?.state !== 'seen') throw new Error('not seen')
    expect(observationKinds['foreign-results'].facts.parse(seen.facts)).toEqual(seen.facts)
    expect(seen.facts.damaged).toEqual([])
    expect(seen.facts.results).toMatchObject([
      { name: 'a', reports: [] },
      { name: 'b', importedAt: at, digest: expect.stringMatching(/^[0-9a-f]{64}$/), reports: [{ name: 'mcp-remote' }] },
    ])
    expect(await look(stateDir)).toEqual(seen)
  })

  test('what was altered is named, and the others stand', async () => {
    const stateDir = join(root, 'damaged')
    keep(stateDir, 'a', ['pkg:npm/mcp-remote@0.1.15'])
    const [file = ''] = readdirSync(keptResultsIn(stateDir))
    keep(stateDir, 'b', [])
    writeFileSync(join(keptResultsIn(stateDir), file), '{}')
    writeFileSync(join(keptResultsIn(stateDir), 'note.txt'), 'not mine')
    expect(await look(stateDir)).toMatchObject({ facts: { damaged: [{ file }], results: [{ name: 'b' }] } })
  })
})
