import type { StatedFinding } from '@upkeep/contract'
import type { Verdict } from '@upkeep/contract/verdict'
import { type ChangeState, changeState } from '@upkeep/domain/changes/change-state'
import { expect, test } from 'vitest'
import { type DecidingLook, decidingDuties, judgeUse, type UseGrounds } from './judge-use.ts'

const at = '2026-11-27T09:00:00.000Z'
const server = { id: 'server:cursor:/c.json#fs', name: 'fs', path: '/c.json', disabled: false }
const passed: Verdict = {
  subject: { kind: 'server', id: server.id, name: 'fs' },
  verdict: 'pass',
  findings: [],
  unknowns: [],
  passes: ['it is as approved'],
  notApplicable: null,
  notCovered: [],
}
const looks: readonly DecidingLook[] = decidingDuties.map((duty) => ({
  duty,
  lookedAt: at,
  due: false,
  verdict: passed,
}))
const sound: UseGrounds = { server, findings: [], changes: [], looks, contracts: [] }

function finding(over: Partial<StatedFinding>): StatedFinding {
  return {
    fingerprint: 'f1',
    duty: 'vulnerability-scanning',
    rule: 'vulnerable',
    ruleVersion: 1,
    subject: passed.subject,
    severity: 'critical',
    title: 'A title',
    summary: '',
    action: '',
    facts: {},
    proposals: [],
    ...over,
  }
}

function change(phase: ChangeState['phase'], named: string, emergency: ChangeState['emergency'] = null): ChangeState {
  const base = {
    id: '0',
    at,
    change: 'c1',
    signer: { person: 'ada', presence: 'not-proven' as const, signature: null },
  }
  const input = { kind: 'disable-server' as const, path: '/c.json', server: named, project: null }
  const plan = {
    format: 'upkeep-change-plan/1' as const,
    change: 'c1',
    class: 'normal' as const,
    title: 'a change',
    inputs: [input],
    effects: [],
    summary: [],
    limits: [],
    closes: [],
    requester: 'ada',
  }
  const proposed = {
    ...base,
    seq: 0,
    is: 'proposed',
    plan,
    digest: '0'.repeat(64),
    requester: base.signer,
    reason: null,
  }
  const state = changeState([proposed as never])
  if (state === null) throw new Error('no change')
  return { ...state, phase, emergency }
}

const emergency: ChangeState['emergency'] = {
  trigger: { kind: 'server', name: 'fs', fingerprint: null },
  affected: [{ server: server.id, name: 'fs', part: null, since: null, until: null }],
  notKnown: [],
  rehearsal: false,
}

test.each<[string, Partial<UseGrounds>]>([
  ['nothing stands against it', {}],
  ['a high finding that is no drift', { findings: [finding({ severity: 'high' })] }],
  [
    "another server's critical finding",
    { findings: [finding({ subject: { kind: 'server', id: 'other', name: 'o' } })] },
  ],
  ["another server's change", { changes: [change('applying', 'other')] }],
  ['a change that is only proposed', { changes: [change('proposed', 'fs')] }],
  ['an emergency that is over', { changes: [change('closed', 'fs', emergency)] }],
])('yes: %s', (_, over) => {
  expect(judgeUse({ ...sound, ...over })).toEqual({ answer: 'yes', reasons: [] })
})

test.each<[string, string, Partial<UseGrounds>]>([
  ['switched-off', 'it is switched off', { server: { ...server, disabled: true } }],
  ['critical-finding', 'a critical finding', { findings: [finding({})] }],
  [
    'critical-finding',
    'a critical finding of its file',
    { findings: [finding({ subject: { kind: 'file', id: 'file:/c.json', name: 'c.json' } })] },
  ],
  [
    'drift',
    'drift, however small',
    { findings: [finding({ duty: 'configuration-drift-detection', severity: 'low' })] },
  ],
  ['being-changed', 'a change under way', { changes: [change('applying', 'fs')] }],
  ['being-changed', 'a change that is taken back', { changes: [change('undoing', 'fs')] }],
  ['emergency', 'an emergency that names it', { changes: [change('proposed', 'other', emergency)] }],
])('no (%s): %s', (code, _, over) => {
  const { answer, reasons } = judgeUse({ ...sound, ...over })
  expect({ answer, codes: reasons.map((one) => one.code) }).toEqual({ answer: 'no', codes: [code] })
})

test.each<[string, string, Partial<UseGrounds>]>([
  [
    'not-approved',
    'nobody approved it',
    { findings: [finding({ duty: 'configuration-drift-detection', rule: 'server-not-approved' })] },
  ],
  [
    'never-looked',
    'nobody looked',
    { looks: looks.slice(0, 1).map((one) => ({ ...one, lookedAt: null, verdict: null })) },
  ],
  ['looked-too-long-ago', 'the look is due again', { looks: looks.slice(0, 1).map((one) => ({ ...one, due: true })) }],
  [
    'not-judged',
    'what could not be judged',
    { looks: looks.slice(0, 1).map((one) => ({ ...one, verdict: { ...passed, unknowns: ['no advisories'] } })) },
  ],
])('not known (%s): %s', (code, _, over) => {
  const { answer, reasons } = judgeUse({ ...sound, ...over })
  expect({ answer, codes: reasons.map((one) => one.code) }).toEqual({ answer: 'unknown', codes: [code] })
})

test('no comes before not known, and every reason is said', () => {
  const worse = judgeUse({ ...sound, findings: [finding({})], looks: looks.map((one) => ({ ...one, due: true })) })
  expect(worse.answer).toBe('no')
  expect(worse.reasons).toHaveLength(3)
})
