import type { Settings, Subject } from '@upkeep/contract'
import { RunPlan } from '@upkeep/contract/observations/run-plan'
import { expect, test } from 'vitest'
import { type StartedAnew, sameStarts } from './try-plan.ts'

const digest = (letter: string) => letter.repeat(64)
function started(client: string, over: Partial<StartedAnew> = {}): StartedAnew {
  const subject: Subject = { kind: 'server', id: `server:${client}/fs`, name: 'fs' }
  return { subject, plan: planned('a', 'b'), why: '', was: planned('c', 'd'), ...over }
}
function planned(command: string, bytes: string | null): RunPlan {
  return RunPlan.parse({
    command: digest(command),
    bytes: bytes === null ? null : digest(bytes),
    shown: 'npx -y fs@1.0.0',
    runtime: 'node',
    file: '/fs.js',
    packages: null,
    args: [],
    env: {},
    shows: [],
    folders: [],
  })
}
const settings = (...consented: StartedAnew[]) =>
  ({
    consents: consented.map(({ subject, plan }) => ({
      id: `consent-${subject.id}`,
      subject,
      command: plan?.command,
      bytes: plan?.bytes,
      shown: '',
      withdraws: null,
      at: '2026-01-01T00:00:00.000Z',
      signer: { person: 'ada', presence: 'none', signature: null },
    })),
  }) as unknown as Settings
const grouped = (anew: readonly StartedAnew[], of = settings()) =>
  sameStarts(anew, of).map(({ tried, alike }) => [tried.subject.id, alike.length])

test('clients that start the very same, before and after, are tried once', () => {
  expect(grouped([started('cursor'), started('zed'), started('codex')])).toEqual([['server:cursor/fs', 3]])
})

test('the one of them is tried that a person let be run', () => {
  const [cursor, zed] = [started('cursor'), started('zed')]
  expect(grouped([cursor, zed], settings(zed))).toEqual([['server:zed/fs', 2]])
})

test.each<[string, Partial<StartedAnew>]>([
  ['another command line', { plan: planned('e', 'b') }],
  ['other bytes', { plan: planned('a', 'e') }],
  ['another version before', { was: planned('c', 'e') }],
  ['nothing known of before', { was: null }],
  [
    'another name, by which its golden calls are found',
    { subject: { kind: 'server', id: 'server:zed/files', name: 'files' } },
  ],
])('%s is tried by itself', (_, over) => {
  expect(grouped([started('cursor'), started('zed', over)])).toHaveLength(2)
})

test.each<[string, Partial<StartedAnew>]>([
  ['cannot be run', { plan: null, why: 'it is not installed' }],
  ['has bytes that could not be read whole', { plan: planned('a', null) }],
])('what %s is the same as nothing', (_, over) => {
  expect(grouped([started('cursor', over), started('zed', over)])).toHaveLength(2)
})
