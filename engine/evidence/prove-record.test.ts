import { createHash, createPublicKey, verify } from 'node:crypto'
import type { RecordProof } from '@upkeep/contract/evidence'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { afterEach, describe, expect, test } from 'vitest'
import { type ProofMade, proveRecord } from './prove-record.ts'
import { rotateKey } from './rotate-key.ts'
import { dropStore, type MadeStore, makeSealedStore, minute, sealRound, tamper } from './testing/made-store.ts'

const opened: MadeStore[] = []
afterEach(async () => {
  for (const made of opened.splice(0)) await dropStore(made)
})
async function sealed(rounds: number): Promise<MadeStore> {
  const made = await makeSealedStore(rounds)
  opened.push(made)
  return made
}
const run = (id: string, since: number | null = null) => ({ type: 'run', id, since }) as const
function proofIn(made: ProofMade): RecordProof {
  if (made.proof === null) throw new Error(made.why)
  return made.proof
}
const whyOf = (made: ProofMade) => (made.proof === null ? [made.why, made.wrong] : null)

// Written out from RFC 6962, 2.1.1, and from C2SP signed-note, by somebody who has nothing of ours but what the proof holds.
const hash = (...parts: (Buffer | string)[]) =>
  parts.reduce((sum, one) => sum.update(one), createHash('sha256')).digest()
function rootFrom(leaf: Buffer, index: number, size: number, path: readonly string[]): Buffer | null {
  if (size === 1) return path.length === 0 ? leaf : null
  const beside = Buffer.from(path.at(-1) ?? '', 'hex')
  const left = 2 ** Math.ceil(Math.log2(size) - 1)
  const isLeft = index < left
  const inner = rootFrom(leaf, isLeft ? index : index - left, isLeft ? left : size - left, path.slice(0, -1))
  if (inner === null || path.length === 0) return null
  return isLeft ? hash(Buffer.of(1), inner, beside) : hash(Buffer.of(1), beside, inner)
}
function outsiderHolds({ type, record, index, path, checkpoint, keys }: RecordProof): boolean {
  const [text = '', signatures = ''] = checkpoint.split('\n\n')
  const [, size, root] = text.split('\n')
  const leaf = hash(Buffer.of(0), canonicalJson({ type, record }))
  const line = keys.at(-1)?.record.key.split('+').slice(2).join('+') ?? ''
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(line, 'base64').subarray(1).toString('base64url') }
  const signature = Buffer.from(signatures.trim().split(' ').at(-1) ?? '', 'base64').subarray(4)
  const isSigned = verify(null, Buffer.from(`${text}\n`), createPublicKey({ key: jwk, format: 'jwk' }), signature)
  return isSigned && rootFrom(leaf, index, Number(size), path)?.toString('base64') === root
}

describe('the proof of a record', () => {
  test.each([1, 2, 3, 6, 11])(
    'of every record in a ledger of %i rounds leads an outsider to the signed root',
    async (rounds) => {
      const made = await sealed(rounds)
      for (const { index, type, recordId } of await made.store.ledger.range(0, 100)) {
        const proof = proofIn(await proveRecord(made.store, { type, id: recordId, since: null }))
        expect([proof.index, outsiderHolds(proof)]).toEqual([index, true])
        const other = { ...proof, record: { ...proof.record, at: '2026-11-22T09:00:00.001Z' } }
        expect(outsiderHolds(other)).toBe(false)
        if (rounds > 1) expect(outsiderHolds({ ...proof, index: index === 0 ? 1 : index - 1 })).toBe(false)
      }
    },
  )

  test('is of the newest head, over a change of key', async () => {
    const made = await sealed(2)
    await rotateKey(made.store, made.keyring, minute(3))
    await sealRound(made, 4)
    const proof = proofIn(await proveRecord(made.store, run('run-1')))
    expect(proof.keys.map(({ index }) => index)).toEqual([0, 5])
    expect(outsiderHolds(proof)).toBe(true)
    expect(proof.checkpoint).toBe((await made.store.checkpoints.latest())?.note)
  })

  test('shows an earlier head to be the beginning of the newest one', async () => {
    const made = await sealed(3)
    const proof = proofIn(await proveRecord(made.store, run('run-1', 3)))
    expect(proof.earlier?.size).toBe(3)
    expect(proof.earlier?.path.length).toBeGreaterThan(0)
    expect(whyOf(await proveRecord(made.store, run('run-1', 99)))).toEqual([
      'The newest head is over 7 leaves: it cannot grow from one over 99.',
      false,
    ])
  })
})

describe('no proof, and why', () => {
  test('of what was never sealed', async () => {
    const made = await sealed(1)
    expect(whyOf(await proveRecord(made.store, run('run-9')))).toEqual([
      'No leaf of the ledger is of this record: it was never sealed.',
      false,
    ])
  })

  test.each([
    [
      'the record',
      `update runs set body = replace(body, '"daily"', '"weekly"') where id = 'run-2'`,
      'not what was sealed as leaf 3',
    ],
    [
      'another leaf',
      `update ledger set leaf_hash = replace(leaf_hash, substr(leaf_hash, 1, 1), 'g') where position = 1`,
      'no longer give the root',
    ],
    [
      'the head',
      `update checkpoints set note = replace(note, '— upkeep', '— upkaep') where size = 7`,
      'not signed by the key',
    ],
    ['its row', `update checkpoints set size = 6 where size = 7`, 'something else than its row'],
    ['the newest head, taken away', `delete from checkpoints where size > 3`, 'over 3: nobody vouches for it'],
    [
      'the key',
      `update keys set body = replace(body, '"replaces":null', '"replaces":"a"')`,
      'A key of the ledger does not hold',
    ],
    [
      'a key, which still holds',
      `update keys set body = json_set(body, '$.signatures[1]', json(json_extract(body, '$.signatures[0]')))`,
      'no longer give the root',
    ],
  ])('where somebody changed %s', async (_, statement, why) => {
    const made = await sealed(3)
    expect(whyOf(await proveRecord(made.store, run('run-2')))).toBeNull()
    tamper(made, statement)
    expect(whyOf(await proveRecord(made.store, run('run-2')))).toEqual([expect.stringContaining(why), true])
  })
})
