import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { describe, expect, test } from 'vitest'
import { testingProcedures } from './duty.ts'
import { bothEras, call, connecting, declared, noProbes, probed, silent, tests, trial } from './testing/given.ts'

const given = (over: Parameters<typeof tests>[0], probes = noProbes) => ({ declared, tests: tests(over), probes })
const nowhere = [trial({ watched: true, ...silent }), trial(silent), trial({ era: 'discover', ...silent })]

dutyCases(testingProcedures, [
  {
    name: 'starts, says the same twice, tries nothing: passes, by what was measured without the watcher',
    given: given({}),
    expect: {
      verdict: 'pass',
      passes: [
        'started 2 times without network and secrets (2026-11-20), in the initialize era; 14 tools',
        'it tried to reach nothing',
        'at most 50 MiB and 210 ms of processor time (n=1)',
      ],
    },
  },
  {
    name: 'an attempt to reach something is on record, with the target',
    given: given({ attempts: [connecting] }),
    expect: { verdict: 'pass', passes: ['192.0.2.7:443 (refused)'] },
  },
  {
    name: 'where nothing watched, what it tried is not known',
    given: given({ attempts: null }),
    expect: { verdict: 'unknown', unknowns: ['nothing on this machine watches system calls'] },
  },
  {
    name: 'it answers in no era',
    given: given({ trials: nowhere }),
    expect: { verdict: 'fail', findings: [{ rule: 'does-not-start', summary: 'it ended with 1' }] },
  },
  {
    name: 'it answers in no era, and had a stand-in for its token: nothing is said of the bytes',
    given: given({ trials: nowhere, standIns: ['GITHUB_TOKEN'] }),
    expect: { verdict: 'unknown', unknowns: ['it had stand-ins for GITHUB_TOKEN'] },
  },
  {
    name: 'it answers in no era, and wanted the network',
    given: given({ trials: nowhere, attempts: [connecting] }),
    expect: { verdict: 'unknown', unknowns: ['it wanted to reach 192.0.2.7:443'] },
  },
  {
    name: 'a golden call that comes to something else',
    given: given({
      calls: [call(), call({ id: 'sum', tool: 'add', state: 'different', kind: 'missing-tool', is: 'not listed' })],
    }),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'golden-call-differs', facts: { call: 'sum', kind: 'missing-tool' } }],
    },
  },
  {
    name: 'golden calls that come to what is recorded',
    given: given({ calls: [call(), call({ id: 'two' })] }),
    expect: { verdict: 'pass', passes: ['2 golden calls come to what is recorded'] },
  },
  {
    name: 'a golden call without a record that does not come to anything is not judged',
    given: given({ calls: [call({ recorded: false, state: 'different', kind: 'not-comparable' })] }),
    expect: { verdict: 'unknown', unknowns: ['no record of it'] },
  },
  {
    name: 'a golden call that is flaky is never the same',
    given: given({ calls: [call({ state: 'flaky' })] }),
    expect: { verdict: 'fail', findings: [{ rule: 'flaky', facts: { what: 'call echo' } }] },
  },
  {
    name: 'it offers something else at the second start',
    given: given({ trials: [trial(), trial({ surface: 'f'.repeat(64) })] }),
    expect: { verdict: 'fail', findings: [{ rule: 'flaky', facts: { what: 'listing initialize' } }] },
  },
  {
    name: 'what stood in for a secret came back',
    given: given({ standIns: ['TOKEN', 'OTHER'], standInsSeen: ['TOKEN'] }),
    expect: { verdict: 'fail', findings: [{ rule: 'secret-repeated', facts: { name: 'TOKEN' } }] },
  },
  {
    name: 'a process is left',
    given: given({ trials: [...bothEras, trial({ leftBehind: ['process 7'] })] }),
    expect: { verdict: 'fail', findings: [{ rule: 'left-behind', facts: { left: ['process 7'] } }] },
  },
  {
    name: 'an attack works on these bytes',
    given: given({}, probed('broken')),
    expect: { verdict: 'fail', findings: [{ rule: 'attack-works', facts: { probe: 'prefix' } }] },
  },
  {
    name: 'an attack that does not work',
    given: given({}, probed('held')),
    expect: { verdict: 'pass', passes: ['1 attacks were tried on these bytes'] },
  },
  {
    name: 'an attack that could not be made',
    given: given({}, probed('inconclusive')),
    expect: { verdict: 'unknown', unknowns: ['not shown either way'] },
  },
  {
    name: 'tested too long ago',
    given: given({ at: '2026-10-01T09:00:00.000Z' }),
    expect: { verdict: 'unknown', unknowns: ['tested 52 days ago, and a test counts for 30'] },
  },
  {
    name: 'nobody let it be run',
    given: {
      declared,
      tests: { state: 'unavailable', code: 'not-consented', reason: 'nobody has let it be run' },
      probes: noProbes,
    },
    expect: { verdict: 'unknown', unknowns: ['nobody has let it be run'] },
  },
  {
    name: 'a server at a URL is not started',
    given: { declared, tests: { state: 'absent', reason: 'it is reached at a URL' }, probes: noProbes },
    expect: { verdict: 'not-applicable' },
  },
])

describe('clearing', () => {
  const input = (over: Parameters<typeof tests>[0], probes = noProbes) => ({
    subject: { kind: 'server' as const, id: 'server:x', name: 'fs' },
    seen: { declared, tests: tests(over), probes },
    params: testingProcedures.params.parse({}),
    at: '2026-11-22T09:00:00.000Z',
  })

  test.each([
    ['a call that works again', 'golden-call-differs', { call: 'echo' }, input({ calls: [call()] }), true],
    ['not a call that was not made', 'golden-call-differs', { call: 'echo' }, input({}), false],
    ['an attack that no longer works', 'attack-works', { probe: 'prefix' }, input({}, probed('held')), true],
    ['not an attack that was not made', 'attack-works', { probe: 'prefix' }, input({}), false],
    ['what was left and is gone', 'left-behind', {}, input({}), true],
  ])('%s', (_name, rule, facts, given, expected) => {
    expect(testingProcedures.canClear?.({ rule, facts }, given)).toBe(expected)
  })
})
