import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { day, doneChange, seenChanges } from '@upkeep/domain/changes/testing/seen'
import { maintenanceWindows } from './duty.ts'

const window = { from: day(12), until: '2026-11-12T11:00:00.000Z', window: 'Sunday night' }
const waiting = { phase: 'proposed' as const, outcome: null, applyingAt: null, appliedAt: null, closedAt: null }

dutyCases(maintenanceWindows, [
  {
    name: 'made in its window',
    given: seenChanges([doneChange({ window })]),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'made without ever being scheduled',
    given: seenChanges([doneChange()]),
    at: day(22),
    expect: { verdict: 'not-applicable', findings: [] },
  },
  {
    name: 'made the day after its window',
    given: seenChanges([doneChange({ window, applyingAt: day(13) })]),
    at: day(22),
    expect: { verdict: 'fail', findings: [{ rule: 'made-outside-its-time', summary: 'its time was from 2026-11-12' }] },
  },
  {
    name: 'made at the very end, which is no longer in it',
    given: seenChanges([doneChange({ window, applyingAt: window.until })]),
    at: day(22),
    expect: { verdict: 'fail', findings: ['made-outside-its-time'] },
  },
  {
    name: 'an emergency keeps no window',
    given: seenChanges([doneChange({ window, applyingAt: day(13), class: 'emergency' })]),
    at: day(22),
    expect: { verdict: 'pass', findings: [] },
  },
  {
    name: 'its window went by',
    given: seenChanges([doneChange({ window, ...waiting })]),
    at: day(22),
    expect: { verdict: 'fail', findings: [{ rule: 'time-missed', action: 'upkeep fix --change c1' }] },
  },
  {
    name: 'its window is still to come',
    given: seenChanges([doneChange({ window, ...waiting })]),
    at: day(11),
    expect: { verdict: 'pass', findings: [] },
  },
])
