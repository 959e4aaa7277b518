import { leafHashOf } from '@upkeep/engine/evidence/leaf'
import { rotateKey } from '@upkeep/engine/evidence/rotate-key'
import { seal } from '@upkeep/engine/evidence/seal'
import { minute, roundOf, sealRound, tamper } from '@upkeep/engine/evidence/testing/made-store'
import { verifyStore } from '@upkeep/engine/evidence/verify-store'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { cleanUp, file, notesOf, packOf, packText, recordAt, run, sealed } from './testing/run-verifier.ts'

afterAll(cleanUp)
const made = await sealed(3)
const pack = await packOf(made)

describe('an untouched pack', () => {
  test('is valid, and what cannot be told is said', () => {
    const { code, text } = run(pack)
    expect(code).toBe(0)
    expect(text).toContain('valid\nledger upkeep/')
    expect(text).toContain('7 of 7 records, 3 checkpoints')
    expect(text).toContain('whether the tail was removed')
    expect(text).toContain('whose key it is')
  })

  test('is valid against every checkpoint exported before, and its own key', async () => {
    const notes = await notesOf(made)
    const { code, text } = run(pack, '--checkpoint', file(notes.join('')), '--key', pack.keys[0] ?? '')
    expect(code).toBe(0)
    expect(text).not.toMatch(/whose key|tail was removed/)
    expect(text).toContain('sealed after the first 7 leaves')
  })

  test('of a part says how much is left out', async () => {
    const part = await packOf(made, { duty: 'health-checks' })
    expect(part.records.map(({ id }) => id)).toEqual([expect.stringMatching(/^[0-9a-f]{8}$/), 'run-2', 'finding-2'])
    expect(Object.keys(part.objects)).toHaveLength(3)
    const { code, text } = run(part)
    expect(code).toBe(0)
    expect(text).toContain('what 4 of 7 records say')
    const late = await packOf(made, { since: minute(3) })
    expect(late.records.map(({ index }) => index)).toEqual([0, 5, 6])
    expect(run(late).code).toBe(0)
  })

  test('is valid whatever its records hold: the verifier writes JSON as the product does', async () => {
    const other = await sealed(1)
    const odd = JSON.parse(
      '["Infinity",{"toString":1,"valueOf":2},{"__proto__":{"a":1}},1e-7,-0,"\\u2028é😀\\u0000",{"😀":1,"ﬁ":2}]',
    )
    const values = [...odd, ...fc.sample(fc.jsonValue({ stringUnit: 'binary' }), { numRuns: 300, seed: 2 })]
    const findings = values.map((value, at) => {
      const { finding } = roundOf(at + 10)
      return { ...finding, statement: { ...finding.statement, facts: { value } } }
    })
    await other.store.transaction(async (tx) => {
      await tx.findings.appendMany(findings)
      const records = findings.map((record) => ({ type: 'finding', record }) as const)
      await seal(tx, other.keyring, records, minute(20))
    })
    const { code, text } = run(await packText(other))
    expect(code, text).toBe(0)
    expect(text).toContain('310 of 310 records')
    expect((await verifyStore(other.store)).problems).toEqual([])
  })

  test('of a practice ledger is marked, and the mark cannot be taken away', async () => {
    const practice = await packOf(await sealed(1, true))
    expect(run(practice).text).toContain('PRACTICE ledger upkeep-practice/')
    const unmarked = run({ ...practice, practice: false })
    expect(unmarked.code).toBe(1)
    expect(unmarked.text).toContain('the mark "practice" is wrong')
  })
})

describe('a removed tail and a rewritten ledger', () => {
  test('a removed tail: cannot be told alone, is found against an earlier checkpoint', async () => {
    const other = await sealed(3)
    const [, second = ''] = await notesOf(other)
    tamper(
      other,
      'delete from ledger where position > 2',
      'delete from checkpoints where size > 3',
      `delete from runs where id <> 'run-1'`,
      `delete from findings where id <> 'finding-1'`,
    )
    const cut = await packOf(other)
    const alone = run(cut)
    expect(alone.code).toBe(0)
    expect(alone.text).toContain('whether the tail was removed')
    const against = run(cut, '--checkpoint', file(second))
    expect(against).toMatchObject({ code: 1, problems: ['earlier-differs'] })
    expect(against.text).toContain('leaves 3 to 4: they were removed')
  })

  test('a ledger rewritten whole with its real key fails against an earlier checkpoint', async () => {
    const other = await sealed(2)
    const earlier = file((await notesOf(other)).at(-1) ?? '')
    const wipe = ['ledger', 'checkpoints', 'runs', 'findings', 'keys'].map((table) => `delete from ${table}`)
    tamper(other, ...wipe)
    for (const count of [1, 4, 5]) await sealRound(other, count)
    const rewritten = await packOf(other)
    expect(run(rewritten).code).toBe(0)
    expect(run(rewritten, '--checkpoint', earlier)).toMatchObject({ code: 1, problems: ['earlier-differs'] })
  })

  test('a ledger of another key fails against the pinned one', async () => {
    const other = await packOf(await sealed(1))
    expect(run(other, '--key', pack.keys[0] ?? '')).toMatchObject({ code: 1, problems: ['key-invalid'] })
  })

  test('a checkpoint of another ledger fails', async () => {
    const [note = ''] = await notesOf(await sealed(1))
    expect(run(pack, '--checkpoint', file(note))).toMatchObject({ code: 1, problems: ['earlier-differs'] })
  })
})

describe('a new key', () => {
  test('is taken when both signed, whichever of them is pinned', async () => {
    const other = await sealed(1)
    const [note = ''] = await notesOf(other)
    await rotateKey(other.store, other.keyring, minute(30))
    await sealRound(other, 2)
    const rotated = await packOf(other)
    expect(rotated.keys).toHaveLength(2)
    for (const key of rotated.keys) expect(run(rotated, '--key', key, '--checkpoint', file(note)).code).toBe(0)
  })

  test.each([0, 1])('is refused when signature %i is not there', async (dropped) => {
    const other = await sealed(1)
    await rotateKey(other.store, other.keyring, minute(30))
    const rotated = await packOf(other)
    const entry = recordAt(rotated, 3)
    expect(entry.record.signatures).toHaveLength(2)
    if (Array.isArray(entry.record.signatures)) entry.record.signatures.splice(dropped, 1)
    rotated.leaves[3] = leafHashOf('key', entry.record)
    const { code, problems } = run(rotated)
    expect(code).toBe(1)
    expect(problems.some((problem) => problem.startsWith('key-invalid leaf 3'))).toBe(true)
  })
})
