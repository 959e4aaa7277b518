import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { RunConsent } from '@upkeep/contract/run-consent'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { describe, expect, test } from 'vitest'
import { whyNot } from './through-entry.ts'
import type { TrialHands } from './try-plan.ts'

const subject = { kind: 'server' as const, id: 'server:cursor:/c#notes', name: 'notes' }
const [command, tested, other] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const plan = { command, bytes: other } as RunPlan

function consent(bytes: string, over: Partial<RunConsent> = {}): RunConsent {
  const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
  return {
    id: bytes,
    at: '2026-01-01T00:00:00.000Z',
    subject,
    command,
    bytes,
    shown: '',
    withdraws: null,
    signer,
    ...over,
  }
}

function asked(consents: RunConsent[], outcome: 'passed' | 'not-run') {
  // It is found out before anything is started: nothing else of the hands is reached for.
  const hands = { settings: { consents } } as unknown as TrialHands
  const state = { tests: [{ name: 'notes: starts', outcome, detail: '' }] } as unknown as ChangeState
  return whyNot(hands, state, subject, plan)
}

describe('what would start through an entry is not what was tested', () => {
  test('other bytes than those that were let be run and were tested: it is taken back', async () => {
    expect(await asked([consent(tested)], 'passed')).toBe(
      'what notes would start now are not the bytes that were tested',
    )
  })

  test.each([
    ['nothing was tested', [consent(tested)], 'not-run' as const],
    ['nobody let it be run', [], 'passed' as const],
    [
      'the consent was withdrawn since',
      [consent(other), consent('', { id: 'w', withdraws: other })],
      'passed' as const,
    ],
    ['what was let be run is another line', [consent(tested, { command: tested })], 'passed' as const],
  ])('it is only not started where %s', async (_name, consents, outcome) => {
    expect(await asked(consents, outcome)).toBe('not-let')
  })
})
