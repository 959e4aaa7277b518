import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { expect, test } from 'vitest'
import { performanceOptimization } from './duty.ts'
import { costs, declared, direct, proxy, suite, tuning, way } from './testing/given.ts'

const given = (over: Parameters<typeof costs>[0]) => ({ declared, costs: costs(over) })
const slow = way('proxy', ['authentication'], [150, 160])

dutyCases(performanceOptimization, [
  {
    name: 'measured twice, within what is allowed: passes, with the numbers',
    given: given({}),
    expect: {
      verdict: 'pass',
      passes: [
        'proxy: p50 6.00 ms, p95 6.00 ms',
        '5.00 ms more than without at p95 (n=400)',
        'measured twice, 2 ways within 50 %',
      ],
    },
  },
  {
    name: 'controls that cost more than is allowed, by both intervals',
    given: given({ ways: [direct, slow], again: [direct, slow] }),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'control-costs-too-much', facts: { addedMs: 148 }, action: 'leave the control in place' }],
    },
  },
  {
    name: 'a tuning that keeps every probe is the way out that is named',
    given: given({ ways: [direct, slow], again: [direct, slow], tunings: [tuning()] }),
    expect: { verdict: 'fail', findings: [{ rule: 'control-costs-too-much', action: 'Connections are used again' }] },
  },
  {
    name: 'a tuning that breaks a probe is never the way out',
    given: given({ ways: [direct, slow], again: [direct, slow], tunings: [tuning({ suiteWith: suite('broken') })] }),
    expect: { verdict: 'fail', findings: [{ rule: 'control-costs-too-much', action: 'leave the control in place' }] },
  },
  {
    name: 'more time is allowed for',
    given: given({ ways: [direct, slow], again: [direct, slow] }),
    params: { maxAddedMs: 200 },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a tuning that makes the slow calls faster and keeps every probe',
    given: given({ ways: [direct, proxy, way('proxy, reused', ['authentication'], [3, 4])], tunings: [tuning()] }),
    expect: { verdict: 'pass', passes: ['keeps all of 2 probes; 6.00 to 3.00 ms at p95'] },
  },
  {
    name: 'a gain that may be chance is said to be',
    given: given({ ways: [direct, proxy, way('proxy, reused', ['authentication'], [5, 6.5])], tunings: [tuning()] }),
    expect: { verdict: 'pass', passes: ['which may be chance: the intervals meet'] },
  },
  {
    name: 'switching the Origin check off is refused, with the probe that fails',
    given: given({
      tunings: [tuning({ id: 'no-origin', title: 'Origin is not checked', suiteWith: suite('broken') })],
    }),
    expect: { verdict: 'pass', passes: ['"Origin is not checked" is refused: the probe origin fails'] },
  },
  {
    name: 'it is in use already',
    given: given({
      tunings: [tuning({ id: 'no-origin', title: 'Origin is not checked', inUse: true, suiteWith: suite('broken') })],
    }),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'tuning-breaks-a-control', facts: { probe: 'origin' }, summary: 'a foreign page is served' }],
    },
  },
  {
    name: 'a suite that leaves a probe out shows nothing',
    given: given({ tunings: [tuning({ suiteWith: suite().slice(0, 1) })] }),
    expect: { verdict: 'unknown', unknowns: ['the probe origin was not made with it'] },
  },
  {
    name: 'the second measurement is off',
    given: given({ again: [direct, way('proxy', ['authentication'], [20, 21])] }),
    expect: { verdict: 'fail', findings: [{ rule: 'numbers-do-not-hold', facts: { first: 6, second: 20 } }] },
  },
  {
    name: 'measured once',
    given: given({ again: [] }),
    expect: { verdict: 'unknown', unknowns: ['it was measured once'] },
  },
  {
    name: 'little data is said',
    given: given({
      ways: [direct, way('proxy', ['authentication'], [6, 7], { n: 100, p99: { value: 7, low: 6, high: null } })],
    }),
    expect: { verdict: 'unknown', unknowns: ['proxy: 100 calls are too few to bound its p99 from above'] },
  },
  {
    name: 'calls that came to nothing are said',
    given: given({ ways: [direct, way('proxy', ['authentication'], [6, 7], { failures: 3 })] }),
    expect: { verdict: 'unknown', unknowns: ['proxy: 3 of 403 calls came to nothing'] },
  },
  {
    name: 'nothing was measured without controls',
    given: given({ ways: [proxy], again: [proxy] }),
    expect: { verdict: 'unknown', unknowns: ['nothing was measured without them'] },
  },
  {
    name: 'measured too long ago',
    given: given({ measuredAt: '2026-01-01T09:00:00.000Z' }),
    expect: { verdict: 'unknown', unknowns: ['measured 325 days ago'] },
  },
  {
    name: 'nobody measured it',
    given: { declared, costs: { state: 'absent', reason: 'upkeep.yaml names no measurement of it' } },
    expect: { verdict: 'unknown', unknowns: ['what its controls cost: upkeep.yaml names no measurement'] },
  },
  {
    name: 'no longer declared',
    given: { declared: { state: 'absent', reason: 'no entry' }, costs: { state: 'absent', reason: 'no entry' } },
    expect: { verdict: 'not-applicable' },
  },
])

test.each([
  ['what was measured again', 'control-costs-too-much', 'proxy', true],
  ['not a way that was not measured', 'control-costs-too-much', 'sandbox', false],
])('clears %s', (_name, rule, name, expected) => {
  const input = {
    subject: { kind: 'server' as const, id: 'server:x', name: 'fs' },
    seen: given({}),
    params: performanceOptimization.params.parse({}),
    at: '2026-11-22T09:00:00.000Z',
  }
  expect(performanceOptimization.canClear?.({ rule, facts: { way: name } }, input)).toBe(expected)
})
