import { UpkeepFile } from '@upkeep/contract'
import { defaultPolicies } from '@upkeep/domain/changes/policy-for'
import { keysInForce } from '@upkeep/engine/change/person-keys'
import { openStore } from '@upkeep/engine/store/open-store'
import { expect, test } from 'vitest'
import { approve } from './operations/approve.ts'
import { presentPerson } from './operations/person.cases.ts'
import { testProduct } from './operations/product.cases.ts'
import { policiesInForce } from './policies-in-force.ts'

const policies = [{ name: 'anything goes', approvals: 0, presence: false }]
const file = (over: object = {}) => UpkeepFile.parse({ version: 1, policies, ...over })
const yaml = 'version: 1\npolicies:\n  - {name: anything goes, approvals: 0, presence: false}\n'
const now = '2026-11-22T10:00:00.000Z'

test('what nobody signed can only ask for more', () => {
  const nothing = { attestations: [], keys: new Map(), now }
  expect(policiesInForce(file(), nothing)).toEqual({ state: 'known', all: [file().policies, defaultPolicies] })
  expect(policiesInForce(UpkeepFile.parse({ version: 1 }), nothing)).toEqual({ state: 'known', all: [defaultPolicies] })
})

test('what a person signed counts alone, until it is another, its day is over, or the key is not theirs', async () => {
  const product = testProduct({}, presentPerson())
  product.write('upkeep.yaml', yaml)
  await product.run(approve, { change: 'policies', key: 'k' })
  const store = await openStore({ stateDir: product.state })
  const keys = keysInForce(await store.personKeys.list())
  const attestations = await store.attestations.list()
  await store.close()
  expect(policiesInForce(file(), { attestations, keys, now })).toEqual({ state: 'known', all: [file().policies] })
  const person = { id: 'eve', name: 'Eve', roles: ['approver'] }
  for (const other of [file({ people: [person] }), file({ policies: undefined })])
    expect(policiesInForce(other, { attestations, keys, now })).toMatchObject({ state: 'changed' })
  const unsigned = { state: 'known', all: [file().policies, defaultPolicies] }
  expect(policiesInForce(file(), { attestations, keys, now: '2028-01-01T00:00:00.000Z' })).toEqual(unsigned)
  expect(policiesInForce(file(), { attestations, keys: new Map(), now })).toEqual(unsigned)
  const forged = attestations.map((one) => ({ ...one, statement: 'f'.repeat(64) }))
  expect(policiesInForce(file(), { attestations: forged, keys, now })).toEqual(unsigned)
})

test('without a person and a key nothing is put in force', async () => {
  const product = testProduct()
  product.write('upkeep.yaml', yaml)
  await expect(product.run(approve, { change: 'policies' })).rejects.toMatchObject({ code: 'needs-a-person' })
})
