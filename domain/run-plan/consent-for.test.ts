import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { RunConsent } from '@upkeep/contract/run-consent'
import { describe, expect, test } from 'vitest'
import { consentFor } from './consent-for.ts'

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string]
const plan: RunPlan = {
  command: a,
  bytes: b,
  shown: 'npx -y x@1',
  runtime: 'node',
  file: '/x/index.js',
  packages: null,
  args: [],
  env: {},
  shows: [],
  folders: [],
}

function consent(id: string, changes: Partial<RunConsent> = {}): RunConsent {
  return {
    id,
    at: '2026-11-27T06:00:00.000Z',
    subject: { kind: 'server', id: 'server:cursor:/x#fs', name: 'fs' },
    command: a,
    bytes: b,
    shown: 'npx -y x@1',
    withdraws: null,
    signer: { person: 'ada', presence: 'not-proven', signature: null },
    ...changes,
  }
}

describe('a consent', () => {
  test('holds for the line and the bytes that it names', () => {
    expect(consentFor([consent('1')], 'server:cursor:/x#fs', plan)).toMatchObject({
      state: 'given',
      consent: { id: '1' },
    })
  })

  test('is in force again where the earlier state is back', () => {
    const consents = [consent('1'), consent('2', { bytes: c })]
    expect(consentFor(consents, 'server:cursor:/x#fs', plan)).toMatchObject({ state: 'given', consent: { id: '1' } })
  })

  test.each([
    ['nobody gave one', [], plan, /nobody/],
    [
      'it is for another server',
      [consent('1', { subject: { kind: 'server', id: 'other', name: 'fs' } })],
      plan,
      /nobody/,
    ],
    ['another line', [consent('1', { command: c })], plan, /command line has changed/],
    ['other bytes', [consent('1', { bytes: c })], plan, /bytes have changed/],
    ['it was taken back', [consent('1'), consent('2', { withdraws: '1' })], plan, /nobody/],
    ['its bytes are not known', [consent('1')], { ...plan, bytes: null }, /could not be read whole/],
  ])('does not where %s', (_name, consents, asked, reason) => {
    const state = consentFor(consents, 'server:cursor:/x#fs', asked)
    expect(state.state === 'not-given' ? state.reason : 'given').toMatch(reason)
  })
})
