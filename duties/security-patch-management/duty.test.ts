import type { SeenChange } from '@upkeep/contract/observations/changes'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, duePatch, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { securityPatchManagement } from './duty.ts'

const input = {
  kind: 'set-server-version' as const,
  path: '/home/ada/config.json',
  server: 'fs',
  package: '@modelcontextprotocol/server-filesystem',
  from: '2025.3.28',
  to: '2.0.1',
  integrity: `sha512-${'a'.repeat(86)}==`,
}
const closing = { resolved: 1, open: 0, accepted: 0, notKnown: 0 }
const patched = (over: Partial<SeenChange> = {}) => doneChange({ inputs: [input], closing, ...over })
const closed = duePatch({ state: 'resolved', due: day(20), closedAt: day(12), changes: ['c1'] })

const ring = (index: number, over: Partial<SeenChange> = {}) =>
  patched({
    id: `r${index}`,
    ring: { rollout: 'r', name: ['canary', 'part', 'all'][index] ?? '', index, of: 3, soakMinutes: 60 },
    ...over,
  })
const waiting = {
  phase: 'proposed' as const,
  outcome: null,
  applyingAt: null,
  appliedAt: null,
  observedAt: null,
  closedAt: null,
}
const takenBack = (over: Partial<SeenChange> = {}) =>
  patched({ outcome: 'rolled-back', undoingAt: day(13), closing: { ...closing, resolved: 0, open: 1 }, ...over })

dutyCases(securityPatchManagement, [
  {
    name: 'found, tested as exact bytes, made in time, and seen to be closed',
    given: seenChanges([patched()], { patches: [closed] }),
    expect: {
      verdict: 'pass',
      findings: [],
      passes: [
        '0 patches are open',
        '1 closed in 90 d: from found to closed 6.0 d in the middle',
        '1 of 1 with a due date',
      ],
    },
  },
  { name: 'nothing is due', given: seenChanges([], { patches: [] }), expect: { verdict: 'not-applicable' } },
  {
    name: 'the records are not those that were sealed: unknown',
    given: { changes: { state: 'unavailable', code: 'malformed', reason: 'not those that were sealed' } },
    expect: { verdict: 'unknown' },
  },
  {
    name: 'due in two days, and no change is to make it',
    given: seenChanges([], { patches: [duePatch({ due: day(24) })] }),
    expect: { verdict: 'fail', findings: [{ rule: 'patch-not-planned', facts: { server: 'fs', due: day(24) } }] },
  },
  {
    name: 'due in two days, and a change waits for its window',
    given: seenChanges([patched(waiting)], { patches: [duePatch({ due: day(24), changes: ['c1'] })] }),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'due in two weeks: there is time',
    given: seenChanges([], { patches: [duePatch({ due: '2026-12-06T09:00:00.000Z' })] }),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'without a due date, and known for longer than a month',
    given: seenChanges([], { patches: [duePatch({ due: null, firstSeen: '2026-10-01T09:00:00.000Z' })] }),
    expect: { verdict: 'fail', findings: ['patch-not-planned'] },
  },
  {
    name: 'past its day, with a change that was never made',
    given: seenChanges([patched(waiting)], { patches: [duePatch({ changes: ['c1'] })] }),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'patch-overdue', action: 'Make it now: upkeep fix --change c1', facts: { changes: ['c1'] } }],
    },
  },
  {
    name: 'past its day, and no version has the fix',
    given: seenChanges([], { patches: [duePatch({ obtainable: false })] }),
    expect: { verdict: 'fail', findings: ['patch-overdue'] },
  },
  {
    name: 'past its day, and accepted until a day by somebody',
    given: seenChanges([], { patches: [duePatch({ acceptedUntil: '2026-12-24T09:00:00.000Z' })] }),
    expect: { verdict: 'pass', findings: [], passes: ['1 accepted until a day'] },
  },
  {
    name: 'closed four days after it was due',
    given: seenChanges([patched()], { patches: [{ ...closed, due: day(8) }] }),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'patched-late', facts: { daysLate: 4 } }],
      passes: ['0 of 1 with a due'],
    },
  },
  {
    name: 'closed late, longer ago than is told of',
    given: seenChanges([patched()], { patches: [{ ...closed, due: day(8) }] }),
    params: { reportDays: 5 },
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'made although a test failed',
    given: seenChanges([patched({ tests: { passed: 3, failed: ['fs: starts'], notRun: [] } })]),
    expect: { verdict: 'fail', findings: [{ rule: 'made-untested', facts: { failed: ['fs: starts'], notRun: [] } }] },
  },
  {
    name: 'made although it was never started',
    given: seenChanges([patched({ tests: { passed: 2, failed: [], notRun: ['fs: starts', 'fs: surface'] } })]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'made-untested', facts: { notRun: ['fs: starts', 'fs: surface'] } }],
    },
  },
  {
    name: 'made without any test',
    given: seenChanges([patched({ tests: null })]),
    expect: { verdict: 'fail', findings: ['made-untested'] },
  },
  {
    name: 'without recorded calls and with no probe that applies: said, and no finding',
    given: seenChanges([patched({ tests: { passed: 4, failed: [], notRun: ['fs: golden calls', 'fs: probes'] } })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'untested, and another version stands in its place since',
    given: seenChanges([
      patched({ tests: null }),
      patched({
        id: 'c2',
        proposedAt: day(15),
        appliedAt: day(16),
        inputs: [{ ...input, from: '2.0.1', to: '2.4.0' }],
      }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'which bytes is in no plan',
    given: seenChanges([patched({ inputs: [{ ...input, integrity: undefined }] })]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'bytes-not-named', facts: { packages: ['@modelcontextprotocol/server-filesystem 2.0.1'] } }],
    },
  },
  {
    name: 'made, closed, and what it should close is open',
    given: seenChanges([patched({ closed: 0, closing: { ...closing, resolved: 0, open: 1 } })]),
    expect: { verdict: 'fail', findings: [{ rule: 'fix-not-seen', facts: { open: 1, notKnown: 0 } }] },
  },
  {
    name: 'made, and nobody has looked since',
    given: seenChanges([patched({ closed: 0, closing: { ...closing, resolved: 0, notKnown: 1 } })]),
    expect: { verdict: 'fail', findings: [{ rule: 'fix-not-seen', facts: { notKnown: 1 } }] },
  },
  {
    name: 'made, and a process of before still runs',
    given: seenChanges([
      patched({ phase: 'applied', outcome: null, closedAt: null, pending: ['process 7 of fs still runs'] }),
    ]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'fix-not-seen', facts: { pending: ['process 7 of fs still runs'] } }],
    },
  },
  {
    name: 'seen to be closed, and another vulnerability of the same package came up since',
    given: seenChanges([patched({ closing: { ...closing, resolved: 0, open: 1 } })], {
      patches: [duePatch({ due: '2026-12-24T09:00:00.000Z', version: '2.0.1', changes: ['c1'] })],
    }),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'taken back, and nothing was tried since',
    given: seenChanges([takenBack()]),
    expect: { verdict: 'fail', findings: [{ rule: 'not-tried-again', facts: { open: 1, since: day(13) } }] },
  },
  {
    name: 'taken back, and given up a second time',
    given: seenChanges([
      takenBack(),
      patched({ ...waiting, id: 'c2', proposedAt: day(14), phase: 'closed', outcome: 'abandoned' }),
    ]),
    expect: { verdict: 'fail', findings: ['not-tried-again'] },
  },
  {
    name: 'taken back, and another version waits for its approval',
    given: seenChanges([takenBack(), patched({ ...waiting, id: 'c2', proposedAt: day(14) })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'taken back, and what is open again is accepted until a day',
    given: seenChanges([takenBack({ closing: { ...closing, resolved: 0, accepted: 1 } })]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'a rollout that went to its end',
    given: seenChanges([ring(0), ring(1), ring(2)]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'a rollout that stopped at its first ring, with two behind it',
    given: seenChanges([
      ring(0, { outcome: 'rolled-back', undoingAt: day(12), closing }),
      ring(1, waiting),
      ring(2, waiting),
    ]),
    expect: { verdict: 'fail', findings: [{ rule: 'ring-stopped', facts: { ring: 'canary', behind: 2 } }] },
  },
  {
    name: 'a rollout that stopped, and whose rings were given up',
    given: seenChanges([
      ring(0, { outcome: 'rolled-back', undoingAt: day(12), closing }),
      ring(1, { ...waiting, phase: 'closed', outcome: 'abandoned' }),
    ]),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'the first ring has held for days, and the next does not begin',
    given: seenChanges([ring(0), ring(1, waiting), ring(2, waiting)]),
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'ring-waits', facts: { ring: 'part', since: '2026-11-12T10:00:00.000Z' } }],
    },
  },
  {
    name: 'the first ring has to hold for another hour',
    given: seenChanges([ring(0, { closedAt: '2026-11-22T08:30:00.000Z' }), ring(1, waiting)]),
    expect: { verdict: 'pass', findings: [] },
  },
])
