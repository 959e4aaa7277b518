import type { Observation } from '@upkeep/contract'
import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { ContractStatement } from '@upkeep/contract/maintenance-contract'
import type { ServerProbeResult } from '@upkeep/contract/observations/server-probes'
import { expect, test } from 'vitest'
import { canonicalJson } from '../canonical-json.ts'
import { type ChangeState, changeState } from '../changes/change-state.ts'
import { listed } from '../tool-surface/testing/listed.ts'
import { contractControls, type Proof } from './contract-controls.ts'
import { type ContractGrounds, drawContract } from './draw-contract.ts'
import { ownServerUri, serverUri } from './server-uri.ts'

const now = '2026-11-27T09:00:00.000Z'
const ada = { person: 'ada', presence: 'not-proven' as const, signature: null }
const subject = { kind: 'server' as const, id: 'server:cursor:/c.json#crm', name: 'crm' }
const grounds: ContractGrounds = {
  ...{ now, publisher: { name: 'n', key: 'k', program: 'p' }, stamps: [], name: 'crm', uri: 'pkg:npm/crm' },
  ...{ bytes: { integrity: null, tree: null }, version: '2.1.0', use: 'yes', reasons: [] },
  stated: ContractStatement.parse({ validDays: 3, endOfLife: '2027-05-31', contacts: ['mailto:a@b.example'] }),
  ...{ proofs: [], windows: [], changes: [], approved: null, vex: null },
}

function change(is: readonly ('approved' | 'applying')[], server = 'crm'): ChangeState {
  const input = {
    kind: 'set-server-version' as const,
    path: '/c.json',
    server,
    package: 'crm',
    from: '2.1.0',
    to: '3.0.0',
  }
  const plan = {
    ...{ format: 'upkeep-change-plan/1' as const, change: 'c1', class: 'normal' as const, title: 'crm to 3.0.0' },
    ...{ inputs: [input], effects: [], summary: [], limits: [], irreversible: [], closes: [], madeAt: now },
  }
  const digest = 'd'.repeat(64)
  const head = (seq: number) => ({ id: String(seq), at: now, change: 'c1', seq })
  const approval = { digest, decision: 'approved' as const, role: 'approver', reason: null, until: now, signer: ada }
  const steps = is.map((one, index) =>
    one === 'approved' ? { ...head(index + 1), is: one, approval } : { ...head(index + 1), is: one, holder: 'h' },
  )
  const first = {
    ...head(0),
    is: 'proposed' as const,
    plan: plan as ChangeState['plan'],
    digest,
    requester: ada,
    reason: null,
  }
  const state = changeState([first, ...steps])
  if (state === null) throw new Error('not a change')
  return state
}

function sheet(state: 'compared' | 'not-touched'): ImpactSheet {
  const changes = [
    { kind: 'tool-added', of: 'wipe\u202e', path: '', was: '', is: 'a text that is the server\u2019s own' },
  ]
  const surface = state === 'compared' ? { state, was: 1, is: 2, fingerprint: 'f'.repeat(64), changes } : { state }
  return { servers: [{ server: 'crm', surface }] } as unknown as ImpactSheet
}

test('the same grounds give the same bytes, and others do not', () => {
  const [one, again] = [grounds, structuredClone(grounds)].map((given) => canonicalJson(drawContract(given)))
  expect(one).toBe(again)
  expect(canonicalJson(drawContract({ ...grounds, now: '2026-11-27T09:00:00.001Z' }))).not.toBe(one)
})

test('it ends after its days, and a later one has a higher serial', () => {
  const drawn = drawContract(grounds)
  const later = drawContract({ ...grounds, now: '2026-11-27T09:00:00.001Z' })
  expect(drawn.predicate).toMatchObject({
    issuedAt: now,
    validUntil: '2026-11-30T09:00:00.000Z',
    endOfLife: '2027-05-31',
  })
  expect(later.predicate.serial).toBeGreaterThan(drawn.predicate.serial)
})

test('windows are those of the server, with their rule and every time up to its end', () => {
  const window = { name: 'nightly', rrule: 'FREQ=DAILY', at: '02:00', zone: 'Europe/Berlin', duration: 'PT1H' }
  const { windows } = drawContract({ ...grounds, windows: [window, { ...window, servers: ['other'] }] }).predicate
  expect(windows).toHaveLength(1)
  expect(windows[0]).toMatchObject({ rrule: 'FREQ=DAILY', zone: 'Europe/Berlin', first: null })
  expect(windows[0]?.next[0]).toEqual({ from: '2026-11-28T01:00:00.000Z', until: '2026-11-28T02:00:00.000Z' })
  expect(windows[0]?.next.length).toBeGreaterThan(31)
})

test('what was only proposed is nobody else’s business; what was approved says what the server will offer, without the texts', () => {
  const of = (state: ChangeState, drawn: ImpactSheet | null = null) =>
    drawContract({ ...grounds, changes: [{ state, sheet: drawn }] }).predicate.changes
  expect(of(change([]))).toEqual([])
  expect(of(change(['approved'], 'other'))).toEqual([])
  const [planned] = of(change(['approved']), sheet('compared'))
  expect(planned).toEqual({
    change: 'c1',
    title: 'crm to 3.0.0',
    state: 'planned',
    from: null,
    until: null,
    surface: { fingerprint: 'f'.repeat(64), tools: 2, changes: [{ kind: 'tool-added', of: 'wipe⟨U+202E⟩', path: '' }] },
  })
  expect(of(change(['approved']), sheet('not-touched'))[0]?.surface).toBeNull()
  expect(of(change(['approved', 'applying']))).toMatchObject([{ state: 'under-way', from: now }])
})

test('an approved surface is known by its meaning', () => {
  const surface = { instructions: null, tools: [listed()], prompts: [], resources: [], templates: [] }
  const drawn = drawContract({ ...grounds, approved: { surface, at: now } })
  expect(drawn.predicate.surface).toMatchObject({ tools: 1, approvedAt: now })
  expect(
    drawContract({ ...grounds, approved: { surface: { ...surface, tools: null }, at: now } }).predicate.surface,
  ).toBeNull()
})

test('text from outside is bounded and shows what it hides', () => {
  const drawn = drawContract({ ...grounds, name: `crm\u202e${'x'.repeat(9_000)}`, version: '1\u200b' })
  expect(drawn.predicate.server.name.length).toBeLessThanOrEqual(200)
  expect(JSON.stringify(drawn)).not.toMatch(/[\u202e\u200b]/)
})

function result(outcome: ServerProbeResult['outcome'], probe = 'p', at?: string): ServerProbeResult {
  const tries = { kind: 'control' as const, control: 'path' }
  const head = { probe, version: 1, title: '', tries, outcome, detail: '', attempts: 1, transcript: [] }
  return at === undefined ? head : { ...head, at }
}

function proof(at: string, results: readonly ServerProbeResult[]): Proof {
  const backend = { id: 'b', version: '1', isolates: [] }
  const facts = { command: 'a'.repeat(64), bytes: 'b'.repeat(64), at, backend, standIns: [], results: [...results] }
  const seen: Observation<'server-probes'> = { kind: 'server-probes', subject, state: 'seen', facts }
  return { at, seen }
}

test.each([
  ['held', 'pass'],
  ['broken', 'fail'],
  ['inconclusive', 'unknown'],
  ['not-applicable', 'not-applicable'],
] as const)('an attack that came to %s is %s', (outcome, verdict) => {
  expect(contractControls([[proof(now, [result(outcome)])]])).toEqual({
    controls: [{ is: 'control', names: ['path'], probe: 'p', version: 1, verdict, at: now }],
    notProven: null,
  })
})

test('of one entry what was tried last counts, of several entries the worst', () => {
  const [old, late] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z']
  const verdictOf = (entries: Proof[][]) => contractControls(entries).controls.map(({ verdict, at }) => [verdict, at])
  expect(verdictOf([[proof(late, [result('held')]), proof(old, [result('broken')])]])).toEqual([['pass', late]])
  expect(verdictOf([[proof(late, [result('held')])], [proof(old, [result('inconclusive')])]])).toEqual([
    ['unknown', old],
  ])
  expect(verdictOf([[proof(late, [result('held', 'p', old)])]])).toEqual([['pass', old]])
})

test('what could not be tried is no control, and the reason stands there', () => {
  const seen = {
    kind: 'server-probes' as const,
    subject,
    state: 'unavailable' as const,
    code: 'not-configured' as const,
    reason: 'nobody let it be run',
  }
  expect(contractControls([[{ at: now, seen }]])).toEqual({ controls: [], notProven: 'nobody let it be run' })
  expect(contractControls([[]]).notProven).toContain('upkeep prove --controls')
})

test('what is bad is not left out where there is too much', () => {
  const many = Array.from({ length: 600 }, (_, index) => result(index === 599 ? 'broken' : 'held', `p${index}`))
  const { controls } = contractControls([[proof(now, many)]])
  expect(controls).toHaveLength(500)
  expect(controls[0]).toMatchObject({ probe: 'p599', verdict: 'fail' })
})

test.each([
  [
    { via: 'npx', ecosystem: 'npm', name: '@acme/crm', requested: '2', pinned: false, packages: [] },
    null,
    'pkg:npm/%40acme/crm',
  ],
  [{ via: 'uvx', ecosystem: 'PyPI', name: 'crm', requested: null, pinned: false, packages: [] }, null, 'pkg:pypi/crm'],
  [{ via: 'remote' }, 'https://crm.example/mcp', 'https://crm.example/mcp'],
  [{ via: 'remote' }, 'https://crm.example/***', null],
  [{ via: 'shell' }, null, null],
] as const)('a server is named as others know it: %j %s', (launch, url, uri) => {
  expect(serverUri({ launch: launch as Parameters<typeof serverUri>[0]['launch'], url })).toBe(uri)
})

test('one that nobody else knows is one of its publisher alone', () => {
  expect(ownServerUri('upkeep/1', 'my crm')).toBe('urn:upkeep:server:upkeep%2F1:my%20crm')
  expect(drawContract({ ...grounds, uri: 'urn:x' }).subject[0]?.digest).toHaveProperty('uriSha256')
})
