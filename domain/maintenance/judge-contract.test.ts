import { ContractStatement, type MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { expect, test } from 'vitest'
import { type ContractGrounds, drawContract } from './draw-contract.ts'
import { type ContractAnswer, judgeContract } from './judge-contract.ts'

const now = '2026-11-27T09:00:00.000Z'
const control = { is: 'control' as const, names: ['authentication'], probe: 'p', version: 1, at: now }
const stated = ContractStatement.parse({ supported: ['>=2.0.0 <4', '1.9.7'], contacts: [] })
const grounds: ContractGrounds = {
  ...{ now, publisher: { name: 'n', key: 'k', program: 'p' }, stamps: [], name: 'crm', uri: 'pkg:npm/crm' },
  ...{ bytes: { integrity: null, tree: null }, version: '2.1.0', use: 'yes', reasons: [], stated, proofs: [] },
  ...{ changes: [], approved: null, vex: null },
  windows: [{ name: 'w', rrule: 'FREQ=WEEKLY;BYDAY=SU', at: '02:00', zone: 'UTC', duration: 'PT2H' }],
}
type Predicate = MaintenanceStatement['predicate']

function contract(over: Partial<Predicate> = {}, uri = 'pkg:npm/crm'): MaintenanceStatement {
  const drawn = drawContract({ ...grounds, uri })
  const controls = [{ ...control, verdict: 'pass' as const }]
  return { ...drawn, predicate: { ...drawn.predicate, controls, notProven: null, ...over } }
}
const server = (use: 'yes' | 'no' | 'unknown', reasons: string[]) => ({ server: { name: 'crm', use, reasons } })
const planned = (from: string | null, until: string | null = null, state: 'planned' | 'under-way' = 'planned') => ({
  changes: [{ change: 'c', title: 'to 3.0.0', state, from, until, surface: null }],
})

test.each<[string, ContractAnswer, string[], Partial<Predicate>, string?, (string | null)?]>([
  ['sound', 'ok', [], {}],
  ['the day before its end', 'ok', [], { endOfLife: '2026-11-28' }],
  ['the day of its end', 'refuse', ['end-of-life'], { endOfLife: '2026-11-27' }],
  ['long after its end', 'refuse', ['end-of-life'], { endOfLife: '2020-01-01' }],
  ['an attack worked', 'refuse', ['control-broken'], { controls: [{ ...control, verdict: 'fail' }] }],
  ['a control that is not known', 'unknown', ['control-not-known'], { controls: [{ ...control, verdict: 'unknown' }] }],
  ['nothing was tried', 'unknown', ['nothing-proven'], { controls: [], notProven: 'it may not be run' }],
  ['nothing applies', 'unknown', ['nothing-proven'], { controls: [{ ...control, verdict: 'not-applicable' }] }],
  ['the publisher says no', 'refuse', ['publisher-says-no'], server('no', ['critical-finding', 'being-changed'])],
  ['no without a reason', 'refuse', ['publisher-says-no'], server('no', [])],
  ['only being changed', 'drain', ['being-changed'], server('no', ['being-changed'])],
  ['the publisher does not know', 'unknown', ['publisher-does-not-know'], server('unknown', ['never-looked'])],
  ['before the window', 'ok', [], {}, '2026-11-29T01:49:59.000Z'],
  ['minutes before the window', 'drain', ['window-soon'], {}, '2026-11-29T01:50:00.000Z'],
  ['in the window', 'drain', ['in-window'], {}, '2026-11-29T03:59:59.000Z'],
  ['after the window', 'ok', [], {}, '2026-11-29T04:00:00.000Z'],
  ['a change under way', 'drain', ['being-changed'], planned(now, null, 'under-way')],
  ['a planned change now', 'drain', ['being-changed'], planned('2026-11-27T08:00:00.000Z', '2026-11-27T10:00:00.000Z')],
  ['a planned change in minutes', 'drain', ['change-soon'], planned('2026-11-27T09:09:00.000Z')],
  ['a planned change tomorrow', 'ok', [], planned('2026-11-28T09:00:00.000Z')],
  ['a planned change whose time passed', 'ok', [], planned('2026-11-26T08:00:00.000Z', '2026-11-26T10:00:00.000Z')],
  ['a planned change without a time', 'ok', [], planned(null)],
  ['a version that gets fixes', 'ok', [], {}, now, '2.4.0'],
  ['another one', 'ok', [], {}, now, '1.9.7'],
  ['a version that gets none', 'refuse', ['version-not-supported'], {}, now, '1.9.8'],
  [
    'nothing is stated of versions',
    'unknown',
    ['support-not-stated'],
    { versions: { current: null, supported: null } },
    now,
    '2.4.0',
  ],
  ['nothing is stated, nothing is asked', 'ok', [], { versions: { current: null, supported: null } }],
  [
    'ranges that cannot be read',
    'unknown',
    ['support-not-stated'],
    { versions: { current: null, supported: ['new ones'] } },
    now,
    '2.4.0',
  ],
  ['over', 'unknown', ['expired'], {}, '2026-12-04T09:00:00.000Z'],
  ['over, and past its end of life', 'unknown', ['expired'], { endOfLife: '2026-11-28' }, '2026-12-04T09:00:00.000Z'],
  ['of a practice fleet', 'unknown', ['not-real'], { stamps: ['practice'] }],
  ['from a time to come', 'unknown', ['not-yet'], {}, '2026-11-27T08:50:00.000Z'],
  [
    'broken and in the window: the worst counts',
    'refuse',
    ['control-broken', 'in-window'],
    { controls: [{ ...control, verdict: 'fail' }] },
    '2026-11-29T02:00:00.000Z',
  ],
  [
    'not known and in the window',
    'drain',
    ['control-not-known', 'in-window'],
    { controls: [{ ...control, verdict: 'unknown' }] },
    '2026-11-29T02:00:00.000Z',
  ],
])('%s: %s', (_name, answer, codes, over, at = now, version = null) => {
  const judged = judgeContract(contract(over), at, version)
  expect(judged.reasons.map(({ code }) => code)).toEqual(codes)
  expect(judged.answer).toBe(answer)
})

test.each([
  ['pkg:pypi/crm', '2.5', 'ok'],
  ['pkg:pypi/crm', '1.0', 'refuse'],
  ['https://crm.example/mcp', '2.0.0', 'ok'],
])('versions of %s are compared by its own rules: %s', (uri, version, answer) => {
  const over = { versions: { current: null, supported: ['>=2.0'] } }
  expect(judgeContract(contract(over, uri), now, version).answer).toBe(answer)
})
