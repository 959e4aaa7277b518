import type { Attestation } from '@upkeep/contract/person'
import { expect, test } from 'vitest'
import { delegationScope, delegationsIn, mayApproveFor } from './delegations.ts'

const at = '2026-11-20T09:00:00.000Z'
const until = '2026-12-31T23:59:59.999Z'

function given(over: Partial<Attestation> = {}): Attestation {
  return {
    id: 'd1',
    at,
    scope: delegationScope,
    statement: 'dan',
    evidence: [],
    limits: '',
    person: 'bob',
    role: 'approver',
    validUntil: until,
    revokes: null,
    signer: { person: 'bob', presence: 'ssh-key', signature: 's' },
    ...over,
  }
}

const takenBack = (over: Partial<Attestation> = {}) =>
  given({ id: 'd2', at: '2026-11-25T09:00:00.000Z', validUntil: '2026-11-25T09:00:00.000Z', revokes: 'd1', ...over })
const bobToDan = (end = until) => [{ id: 'd1', from: 'bob', to: 'dan', at, until: end }]

test.each<[string, Attestation[], boolean, ReturnType<typeof delegationsIn>]>([
  ['given', [given()], true, bobToDan()],
  ['not signed', [given()], false, []],
  ['of another scope', [given({ scope: 'policies' })], true, []],
  ['to oneself', [given({ statement: 'bob' })], true, []],
  ['for longer than ninety days', [given({ validUntil: '2027-02-20T09:00:00.001Z' })], true, []],
  [
    'for ninety days to their end',
    [given({ validUntil: '2027-02-18T23:59:59.999Z' })],
    true,
    bobToDan('2027-02-18T23:59:59.999Z'),
  ],
  ['taken back', [given(), takenBack()], true, bobToDan('2026-11-25T09:00:00.000Z')],
  ['taken back by somebody else', [given(), takenBack({ person: 'eve' })], true, bobToDan()],
])('a delegation that is %s', (_, attestations, signed, expected) => {
  expect(delegationsIn(attestations, () => signed)).toEqual(expected)
})

test.each<[string, string, string, string, boolean]>([
  ['while it holds', 'bob', 'dan', '2026-12-31T23:59:59.998Z', true],
  ['on its last moment', 'bob', 'dan', until, false],
  ['before it was given', 'bob', 'dan', '2026-11-20T08:59:59.999Z', false],
  ['the other way round', 'dan', 'bob', at, false],
  ['by the right of another', 'cy', 'dan', at, false],
])('it counts %s: %s to %s at %s', (_, from, to, moment, expected) => {
  expect(mayApproveFor(bobToDan(), { from, to, at: moment })).toBe(expected)
})
