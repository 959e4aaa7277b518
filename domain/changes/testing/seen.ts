import type { Seen } from '@upkeep/contract'
import type {
  Changes,
  SeenApproval,
  SeenChange,
  SeenPatch,
  SeenSheet,
  SeenUndocumented,
} from '@upkeep/contract/observations/changes'

export const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T09:00:00.000Z`

/** A change of low risk that bob approved, and that is done. */
export function doneChange(over: Partial<SeenChange> = {}): SeenChange {
  return {
    id: 'c1',
    class: 'normal',
    title: 'set fs to 2.0.1',
    digest: 'a'.repeat(64),
    kinds: ['set-server-version'],
    inputs: [],
    phase: 'closed',
    outcome: 'done',
    requester: 'ada',
    reason: null,
    justifications: [],
    asked: { policy: 'all else', approvals: 1, roles: ['approver'], presence: true, separation: true },
    approvals: [word()],
    tests: { passed: 1, failed: [], notRun: [] },
    rehearsed: 'passed',
    risk: 'low',
    hasSheet: false,
    effects: 1,
    paths: ['/home/ada/config.json'],
    closes: 1,
    closed: 1,
    proposedAt: day(10),
    applyingAt: day(12),
    appliedAt: day(12),
    observedAt: day(12),
    undoingAt: null,
    closedAt: day(12),
    lastAt: day(12),
    undoable: true,
    irreversible: [],
    window: null,
    pending: [],
    left: [],
    ...over,
  }
}

export function word(over: Partial<SeenApproval> = {}): SeenApproval {
  return {
    person: 'bob',
    holds: ['approver'],
    role: 'approver',
    decision: 'approved',
    at: day(11),
    until: day(18),
    presence: 'ssh-key',
    signature: 'holds',
    ofThisPlan: true,
    endedAt: null,
    ...over,
  }
}

/** The sheet of a change of low risk, with everything in it known. */
export function sheet(over: Partial<Extract<SeenSheet, { state: 'kept' }>> = {}): SeenSheet {
  return {
    state: 'kept',
    plan: 'a'.repeat(64),
    risk: 'low',
    approvals: 1,
    tests: ['rollback rehearsed', 'fs: starts', 'fs: surface'],
    controls: ['approved tools'],
    unknown: [],
    saysUnknown: false,
    texts: 0,
    ...over,
  }
}

/** A patch that is due on the 20th, and that nobody has done anything about. */
export function duePatch(over: Partial<SeenPatch> = {}): SeenPatch {
  return {
    fingerprint: 'f1',
    server: 'fs',
    package: '@modelcontextprotocol/server-filesystem',
    version: '2025.3.28',
    severity: 'high',
    obtainable: true,
    due: day(20),
    firstSeen: day(6),
    state: 'open',
    closedAt: null,
    acceptedUntil: null,
    changes: [],
    ...over,
  }
}

export function behindOurBack(over: Partial<SeenUndocumented> = {}): SeenUndocumented {
  return {
    id: 'undocumented-1',
    server: 'fs',
    path: '/home/ada/config.json',
    kind: 'changed',
    uid: 1000,
    written: '2026-11-20T14:03:00.000Z',
    firstSeen: day(21),
    due: day(28),
    justified: false,
    ...over,
  }
}

export function seenChanges(changes: SeenChange[], over: Partial<Changes> = {}): { changes: Seen<'changes'> } {
  return { changes: { state: 'seen', facts: { changes, alone: false, leftOut: [], ...over } } }
}
