import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { RecordProof } from '@upkeep/contract/evidence'
import { proveRecord } from '@upkeep/engine/evidence/prove-record'
import { rotateKey } from '@upkeep/engine/evidence/rotate-key'
import { minute, sealRound } from '@upkeep/engine/evidence/testing/made-store'
import { afterAll, describe, expect, test } from 'vitest'
import { cleanUp, file, notesOf, proofVerifier, runOnProof, sealed } from './testing/run-verifier.ts'

afterAll(cleanUp)
const made = await sealed(3)
await rotateKey(made.store, made.keyring, minute(10))
for (const count of [11, 12, 13]) await sealRound(made, count)
const other = await sealed(4)
const notes = await notesOf(made)

async function proofOf(id: string, since: number | null = null, store = made.store): Promise<RecordProof> {
  const { proof } = await proveRecord(store, { type: 'run', id, since })
  if (proof === null) throw new Error('no proof could be made')
  return proof
}
const proof = await proofOf('run-2')
const changed = (change: (copy: RecordProof) => void) => {
  const copy = structuredClone(proof)
  change(copy)
  return copy
}
const firstOf = <One>(list: readonly One[]): One => {
  const [first] = list
  if (first === undefined) throw new Error('an empty list')
  return first
}

describe('an untouched proof', () => {
  test('is valid, and what cannot be told is said', () => {
    const { code, text } = runOnProof(proof)
    expect(code, text).toBe(0)
    expect(text).toMatch(/^valid\nrun run-2: leaf 3 of 14\nledger upkeep\//)
    expect(text).toContain('whose key it is')
    expect(text).toContain('rewritten with the real key')
  })

  test('is valid as "upkeep proof --json" prints it, and against the keys kept elsewhere', () => {
    const keys = proof.keys.flatMap(({ record }) => ['--key', record.key])
    const { code, text } = runOnProof({ type: 'run', id: 'run-2', proof, why: null }, ...keys)
    expect(code, text).toBe(0)
    expect(text).not.toContain('whose key')
  })

  test('shows that the ledger grew from every head it ever had', async () => {
    for (const note of notes) {
      const size = Number(note.split('\n')[1])
      const grown = await proofOf('run-2', size)
      expect([size, runOnProof(grown, '--checkpoint', file(note)).code]).toEqual([size, 0])
      if (size < 14) expect(runOnProof(proof, '--checkpoint', file(note)).text).toContain(`--since ${size}`)
    }
  })

  test('of every record of the ledger is valid', async () => {
    for (const { type, recordId } of await made.store.ledger.range(0, 100)) {
      const made1 = await proveRecord(made.store, { type, id: recordId, since: null })
      expect([recordId, runOnProof(made1.proof).code]).toEqual([recordId, 0])
    }
  })
})

describe('a changed proof is not valid, and says why', () => {
  test.each<[string, (copy: RecordProof) => void, RegExp]>([
    [
      'the record',
      (copy) => Object.assign(copy.record, { detail: 'all well' }),
      /record-changed: it is not what was sealed/,
    ],
    ['its id', (copy) => Object.assign(copy, { id: 'run-3' }), /record-changed: it has another id/],
    ['its type', (copy) => Object.assign(copy, { type: 'finding' }), /record-changed/],
    ['its place', (copy) => Object.assign(copy, { index: 5 }), /record-changed/],
    ['a place beyond', (copy) => Object.assign(copy, { index: 14 }), /record-changed/],
    ['a hash less', (copy) => copy.path.pop(), /record-changed/],
    ['a hash more', (copy) => copy.path.push(firstOf(copy.path)), /record-changed/],
    ['a hash', (copy) => Object.assign(copy.path, { 1: copy.path[0] }), /record-changed/],
    ['no key', (copy) => Object.assign(copy, { keys: [] }), /checkpoint-invalid: it is not signed/],
    ['the first key alone', (copy) => copy.keys.pop(), /checkpoint-invalid: it is not signed/],
    ['the last key alone', (copy) => copy.keys.shift(), /key-invalid/],
    [
      'a signature of a key',
      (copy) => copy.keys[1]?.record.signatures.shift(),
      /the key that was in force did not sign it/,
    ],
    [
      'the origin',
      (copy) => Object.assign(copy, { origin: 'upkeep/0000000000000000' }),
      /checkpoint-invalid: it is of another ledger/,
    ],
    ['the mark', (copy) => Object.assign(copy, { practice: true }), /the mark "practice" is wrong/],
    [
      'the head',
      (copy) => Object.assign(copy, { checkpoint: copy.checkpoint.replace('\n14\n', '\n13\n') }),
      /record-changed|checkpoint-invalid/,
    ],
    ['an older head', (copy) => Object.assign(copy, { checkpoint: notes[1] }), /record-changed/],
  ])('%s', (_, change, says) => {
    const { code, text } = runOnProof(changed(change))
    expect(code).toBe(1)
    expect(text).toMatch(says)
  })

  test('a head kept elsewhere that it did not grow from', async () => {
    const foreign = firstOf(await notesOf(other))
    expect(runOnProof(await proofOf('run-2', 3), '--checkpoint', file(foreign)).text).toContain('of another ledger')
    const forged = changed((copy) => Object.assign(copy, { earlier: { size: 3, path: copy.path.slice(0, 3) } }))
    expect(runOnProof(forged, '--checkpoint', file(firstOf(notes))).text).toContain('did not grow from it')
  })

  test('a key kept elsewhere that is none of this ledger', async () => {
    const foreign = String((await other.store.keys.list())[0]?.key)
    expect(runOnProof(proof, '--key', foreign)).toMatchObject({
      code: 1,
      text: expect.stringContaining('none of this ledger'),
    })
  })

  test.each(['', '[]', 'null', '{}', '{"format":"upkeep-record-proof/1"}', '['.repeat(100_000)])(
    '%.40s is none',
    (text) => {
      expect(runOnProof(text)).toMatchObject({
        code: 1,
        text: expect.stringMatching(/^NOT VALID: 1 found\n {2}unreadable: /),
      })
    },
  )
})

test('where there is no proof, the reason is passed on: exit 2', () => {
  const { code, text } = runOnProof({ proof: null, why: 'No leaf \x1b[2J of it.' })
  expect(code).toBe(2)
  expect(text).toContain('no proof: No leaf ?[2J of it.')
  expect(spawnSync(process.execPath, [proofVerifier]).status).toBe(2)
})

test('is one file that a person can read: under 300 lines, nothing but Node', () => {
  const source = readFileSync(proofVerifier, 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThan(300)
  const imported = [...source.matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map(([, name]) => name)
  expect(imported).toEqual(['node:crypto', 'node:fs', 'node:util'])
})
