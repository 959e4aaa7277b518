import type { Approval, PersonKey } from '@upkeep/contract'
import { approvalStatement, enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { expect, test } from 'vitest'
import { type MadePasskey, madePasskey } from '../kernel/testing/made-passkey.ts'
import { keyBehind, keysInForce, provesPresence } from './person-keys.ts'

const origin = 'http://localhost:7420'
const at = '2026-11-27T09:00:00.000Z'
const signer = { person: 'ada', presence: 'passkey' as const, signature: null }

function enrolled(id: string, key: MadePasskey, by: MadePasskey | null, over: Partial<PersonKey> = {}): PersonKey {
  const words = { person: 'ada', key: key.line, at, replaces: null, ...over }
  const statement = enrolmentStatement(words)
  return { ...words, id, proof: key.sign(statement), vouched: by?.sign(statement) ?? null, signer, ...over }
}

const said = {
  digest: 'a'.repeat(64),
  decision: 'approved' as const,
  role: 'approver',
  until: '2026-12-04T09:00:00.000Z',
}

function approval(key: MadePasskey, over: Partial<Approval> = {}): Approval {
  const signature = key.sign(approvalStatement({ ...said, change: 'c1', person: 'ada' }))
  return { ...said, reason: null, signer: { ...signer, signature }, ...over }
}

const [one, two, foreign] = [madePasskey(origin), madePasskey(origin, 'EdDSA'), madePasskey(origin)]
const first = enrolled('k1', one, null)
const idsOf = (records: readonly PersonKey[]) =>
  keysInForce(records)
    .get('ada')
    ?.map(({ id }) => id)

test('the first passkey is believed, a later one counts beside it or in its place once one in force signed it', () => {
  expect(idsOf([first, enrolled('k2', two, one)])).toEqual(['k1', 'k2'])
  expect(idsOf([first, enrolled('k2', two, one, { replaces: 'k1' })])).toEqual(['k2'])
  for (const record of [
    enrolled('k2', foreign, null),
    enrolled('k2', foreign, foreign),
    enrolled('k2', two, one, { replaces: 'k0' }),
    { ...enrolled('k2', two, one), at: '2026-11-27T10:00:00.000Z' },
    { ...enrolled('k2', two, one), key: foreign.line },
  ])
    expect(idsOf([first, record])).toEqual(['k1'])
  // What was replaced vouches for nothing any longer.
  expect(idsOf([first, enrolled('k2', two, one, { replaces: 'k1' }), enrolled('k3', foreign, one)])).toEqual(['k2'])
})

test('an approval by a passkey is void once one byte of the plan, or anything else that was signed, is another', () => {
  const keys = keysInForce([first, enrolled('k2', two, one)])
  expect(provesPresence('c1', approval(one), keys)).toBe(true)
  expect(provesPresence('c1', approval(two), keys)).toBe(true)
  const { signature } = approval(one).signer
  for (const over of [
    { digest: `b${'a'.repeat(63)}` },
    { until: '2027-12-04T09:00:00.000Z' },
    { role: 'admin' },
    { decision: 'refused' as const },
    { signer: { person: 'eve', presence: 'passkey' as const, signature } },
    { signer: { person: 'ada', presence: 'ssh-key' as const, signature } },
    { signer: { person: 'ada', presence: 'security-key' as const, signature } },
    { signer: { person: 'ada', presence: 'not-proven' as const, signature } },
  ])
    expect(provesPresence('c1', approval(one, over), keys)).toBe(false)
  expect(provesPresence('c2', approval(one), keys)).toBe(false)
  expect(provesPresence('c1', approval(foreign), keys)).toBe(false)
  expect(keyBehind(approval(two).signer, keys.get('ada') ?? [])?.id).toBe('k2')
})
