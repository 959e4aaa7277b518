import { join } from 'node:path'
import type { RecordProof } from '@upkeep/contract/evidence'
import { digestOf } from '@upkeep/domain/canonical-json'
import { proveRecord } from '@upkeep/engine/evidence/prove-record'
import { rotateKey } from '@upkeep/engine/evidence/rotate-key'
import { dropStore, makeSealedStore, minute, sealRound } from '@upkeep/engine/evidence/testing/made-store'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'

/** What the record's page computes. */
interface Check {
  checkProof(proof: RecordProof, shown: unknown): Promise<{ what: string; status: string; says: string }[]>
  isNamedBy(body: unknown, digest: string): Promise<boolean>
}

const { checkProof, isNamedBy }: Check = await import(
  join(import.meta.dirname, '../../console/src/parts/proof-check.ts')
)
const made = await makeSealedStore(2)
await rotateKey(made.store, made.keyring, minute(3))
await sealRound(made, 4)
afterAll(() => dropStore(made))

async function proofOf(id: string, type: 'run' | 'finding' | 'key' = 'run'): Promise<RecordProof> {
  const { proof } = await proveRecord(made.store, { type, id, since: null })
  if (proof === null) throw new Error('no proof could be made')
  return proof
}
const statuses = async (given: RecordProof, shown: unknown = given.record) =>
  (await checkProof(given, shown)).map(({ what, status }) => `${what} ${status}`)
const proof = await proofOf('run-2')

describe('what a page computes of a proof, with the cryptography of browsers', () => {
  test('of every record: the record, the keys and the head pass', async () => {
    for (const { type, recordId } of await made.store.ledger.range(0, 100)) {
      if (type !== 'run' && type !== 'finding' && type !== 'key') continue
      expect(await statuses(await proofOf(recordId, type))).toEqual(['record pass', 'keys pass', 'head pass'])
    }
  })

  test.each<[string, (copy: RecordProof) => unknown, string[]]>([
    [
      'the record',
      (copy) => Object.assign(copy.record, { detail: 'all well' }),
      ['record fail', 'keys pass', 'head pass'],
    ],
    ['its type', (copy) => Object.assign(copy, { type: 'finding' }), ['record fail', 'keys pass', 'head pass']],
    ['its place', (copy) => Object.assign(copy, { index: 4 }), ['record fail', 'keys pass', 'head pass']],
    ['a hash more', (copy) => copy.path.push('0'.repeat(64)), ['record fail', 'keys pass', 'head pass']],
    ['no path', (copy) => Object.assign(copy, { path: [] }), ['record fail', 'keys pass', 'head pass']],
    ['no keys', (copy) => Object.assign(copy, { keys: [] }), ['record pass', 'keys fail', 'head fail']],
    ['the older key alone', (copy) => copy.keys.pop(), ['record pass', 'keys pass', 'head fail']],
    ['the newer key alone', (copy) => copy.keys.shift(), ['record pass', 'keys fail']],
    ['a signature of a key', (copy) => copy.keys[1]?.record.signatures.shift(), ['record pass', 'keys fail']],
    [
      'the size of the head',
      (copy) => Object.assign(copy, { checkpoint: copy.checkpoint.replace('\n8\n', '\n7\n') }),
      ['record pass', 'keys pass', 'head fail'],
    ],
    ['the origin', (copy) => Object.assign(copy, { origin: 'upkeep/0000000000000000' }), ['head fail']],
    ['the head', (copy) => Object.assign(copy, { checkpoint: 'nothing' }), ['head fail']],
  ])('%s changed: it fails', async (_, change, found) => {
    const copy = structuredClone(proof)
    change(copy)
    expect(await statuses(copy)).toEqual(found)
  })

  test('a proof of another record than the one that is shown fails', async () => {
    expect(await statuses(proof, { ...proof.record, detail: 'all well' })).toEqual(['record fail'])
    expect(await statuses(proof, (await proofOf('run-1')).record)).toEqual(['record fail'])
  })

  test('where the browser knows no Ed25519, the signature is unknown and never green', async () => {
    const { subtle } = globalThis.crypto
    const own = Object.getOwnPropertyDescriptor(subtle, 'importKey')
    Object.defineProperty(subtle, 'importKey', {
      configurable: true,
      value: () => Promise.reject(new Error('unknown')),
    })
    try {
      expect(await statuses(proof)).toEqual(['record pass', 'head unknown'])
    } finally {
      if (own === undefined) Reflect.deleteProperty(subtle, 'importKey')
      else Object.defineProperty(subtle, 'importKey', own)
    }
  })

  test('canonical JSON is written as it was sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect(await isNamedBy(value, digestOf(value))).toBe(true)
      }),
    )
  })

  test('an object is named by the digest of its text', async () => {
    const body = { b: [1, 2, { c: 'é😀' }], a: null }
    expect(await isNamedBy(body, digestOf(body))).toBe(true)
    expect(await isNamedBy({ ...body, a: 0 }, digestOf(body))).toBe(false)
  })
})
