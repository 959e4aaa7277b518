import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Observation, serverSubject } from '@upkeep/contract'
import { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { acceptBaseline } from '@upkeep/engine/baseline/accept-baseline'
import { createMcpPort } from '@upkeep/engine/ports/mcp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configurationDriftDetection } from '../../duties/configuration-drift-detection/duty.ts'
import { startLineProgram } from '../servers/line-program.ts'
import { buildFixtures, type InstalledFixture } from './fixtures.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-rugpull-'))
let built: InstalledFixture[] = []
beforeAll(async () => {
  built = await buildFixtures(root)
})
afterAll(() => rmSync(root, { recursive: true }))

const at = '2026-11-22T09:00:00.000Z'
const subject = serverSubject('claude-desktop', '/home/ada/config.json', 'rugpull')

async function captured(label: string, lists: number): Promise<Observation<'tool-surface'>> {
  const script = built.find(({ name, version }) => `${name}-${version}` === label)?.script
  if (script === undefined) throw new Error(`no fixture ${label}`)
  const program = startLineProgram({ command: process.execPath, args: [script], env: {}, cwd: root })
  const options = { eras: ['discover', 'initialize'] as const, timeoutMs: 10_000, maxBytes: 1 << 20, lists }
  const found = await createMcpPort().capture(program, options)
  await program.stop()
  if (found.state === 'unavailable') throw new Error(found.reason)
  return { kind: 'tool-surface', subject, state: 'seen', facts: found.surface }
}

/** What drift detection says of a surface, once the first listing of rugpull 1.0.0 was approved. */
async function judged(now: Observation<'tool-surface'>) {
  const declared: Observation<'declared-server'> = {
    kind: 'declared-server',
    subject,
    state: 'seen',
    facts: plainServer,
  }
  const { objects } = acceptBaseline({
    observations: [declared, await captured('rugpull-1.0.0', 1)],
    subjects: [],
    reason: 'looked at',
    at,
    signer: { person: 'ada', presence: 'not-proven', signature: null },
  })
  const approved = ApprovedServer.parse(JSON.parse(objects[0] ?? ''))
  const elsewhere = { state: 'absent' as const, reason: 'not looked at here' }
  const seen = {
    approved: { state: 'seen' as const, facts: approved },
    declared,
    resolved: elsewhere,
    exposure: elsewhere,
    surface: now,
    changes: elsewhere,
    traces: elsewhere,
  }
  return configurationDriftDetection.assess({ subject, seen, params: {}, at }).findings
}

test('a description that changes at the third listing is drift, and critical since it speaks to the model', async () => {
  expect(await judged(await captured('rugpull-1.0.0', 3))).toMatchObject([
    {
      rule: 'tools-changed',
      severity: 'critical',
      facts: {
        drift: 'upstream',
        changedAt: at,
        trace: 'the server itself, when it was listed',
        differences: [{ at: 'description-changed add description', is: expect.stringContaining('id_ed25519') }],
      },
    },
  ])
})

test('so is one that another version has from the start, and the same listing is none', async () => {
  expect(await judged(await captured('rugpull-1.0.1', 1))).toMatchObject([{ rule: 'tools-changed' }])
  expect(await judged(await captured('rugpull-1.0.0', 2))).toEqual([])
})
