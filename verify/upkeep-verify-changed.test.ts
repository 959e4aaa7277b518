import type { EvidencePack } from '@upkeep/contract/evidence'
import { canonicalJson, digestOfText } from '@upkeep/domain/canonical-json'
import { leafHashOf } from '@upkeep/engine/evidence/leaf'
import { minute, tamper } from '@upkeep/engine/evidence/testing/made-store'
import { afterAll, describe, expect, test } from 'vitest'
import { cleanUp, packOf, recordAt, run, sealed } from './testing/run-verifier.ts'

afterAll(cleanUp)
const pack = await packOf(await sealed(3))
const stranger = { index: 7, type: 'acceptance', id: 'a', record: { id: 'a' } } as const

type Change = (copy: EvidencePack) => unknown
const set = (at: number, fields: object): Change => {
  return (copy) => Object.assign(recordAt(copy, at).record, fields)
}
const both = (first: Change, second: Change): Change => {
  return (copy) => [first(copy), second(copy)]
}
const note = (from: RegExp, to: string): Change => {
  return (copy) => copy.checkpoints.splice(1, 1, (copy.checkpoints[1] ?? '').replace(from, to))
}

function swapRecords(copy: EvidencePack): void {
  const [first, second] = [recordAt(copy, 1), recordAt(copy, 3)]
  ;[first.record, second.record] = [second.record, first.record]
  ;[first.id, second.id] = [second.id, first.id]
}
function swapObjects(copy: EvidencePack): void {
  const [[first = '', one] = [], [second = '', other] = []] = Object.entries(copy.objects)
  Object.assign(copy.objects, { [first]: other, [second]: one })
}
function dropWithLeaf(copy: EvidencePack): void {
  copy.records.splice(4, 1)
  copy.leaves.splice(4, 1)
  for (const one of copy.records) if (one.index > 4) one.index -= 1
}
function dropObject(copy: EvidencePack): void {
  const digest = Object.keys(copy.objects).find((one) => copy.objects[one]?.includes('minute 2'))
  delete copy.objects[digest ?? '']
}
function sealChange(copy: EvidencePack): void {
  copy.leaves[3] = leafHashOf('run', recordAt(copy, 3).record)
}

describe('a change is named', () => {
  test.each<[string, Change, string[]]>([
    ['in a record', set(3, { detail: 'nothing happened' }), ['record-changed leaf 3 run run-2']],
    ['one space in a record', set(4, { id: 'finding-2 ' }), ['record-changed leaf 4 finding finding-2']],
    ['a member more', set(4, { more: null }), ['record-changed leaf 4 finding finding-2']],
    ['a record and its leaf', both(set(3, { detail: 'x' }), sealChange), ['root-differs leaf 3']],
    [
      'a type',
      (copy) => Object.assign(recordAt(copy, 3), { type: 'finding' }),
      ['record-changed leaf 3 finding run-2'],
    ],
    ['a dropped record', (copy) => copy.records.splice(4, 1), ['record-missing leaf 4']],
    ['a dropped record and leaf', dropWithLeaf, ['root-differs leaf 3', 'tail-removed leaf 6']],
    ['swapped records', swapRecords, ['record-moved leaf 1 run run-2', 'record-moved leaf 3 run run-1']],
    ['the order of the list', (copy) => copy.records.reverse(), ['record-moved leaf 5 run run-3']],
    ['a record twice', (copy) => copy.records.push(recordAt(copy, 6)), ['record-moved leaf 6 finding finding-3']],
    ['a record never sealed', (copy) => copy.records.push(stranger), ['record-unsealed leaf 7 acceptance a']],
    [
      'a leaf under no checkpoint',
      (copy) => [copy.records.push(stranger), copy.leaves.push(leafHashOf('acceptance', stranger.record))],
      ['tail-unsigned leaf 7'],
    ],
    ['swapped leaves', (copy) => copy.leaves.reverse(), ['root-differs leaf 0', 'record-moved leaf 1 run run-1']],
    ['swapped objects', swapObjects, ['object-changed leaf']],
    [
      'every object',
      (copy) => Object.keys(copy.objects).map((digest) => Object.assign(copy.objects, { [digest]: 'x' })),
      ['object-changed leaf 1 run run-1', 'object-changed leaf 5 run run-3'],
    ],
    ['a dropped object', dropObject, ['object-missing leaf 3 run run-2']],
    ['an object more', (copy) => Object.assign(copy.objects, { [digestOfText('x')]: 'x' }), ['object-unsealed']],
    ['a signature', note(/[^\n]{4}\n$/, 'AAA=\n'), ['checkpoint-invalid']],
    ['a checkpoint that is none', note(/\n\n/, '\n'), ['checkpoint-invalid']],
    ['the size in a checkpoint', note(/\n5\n/, '\n4\n'), ['checkpoint-invalid', 'root-differs leaf 3']],
    ['a dropped last checkpoint', (copy) => copy.checkpoints.pop(), ['tail-unsigned leaf 5']],
    ['swapped checkpoints', (copy) => copy.checkpoints.reverse(), ['checkpoint-invalid']],
    ['the key record', set(0, { at: minute(50) }), ['record-changed leaf 0', 'key-invalid leaf 0']],
    ['the list of keys', (copy) => copy.keys.push('x'), ['key-invalid']],
    ['the ledger', (copy) => Object.assign(copy, { origin: 'upkeep/0' }), ['key-invalid leaf 0', 'checkpoint-invalid']],
  ])('%s', (_name, change, expected) => {
    const copy = structuredClone(pack)
    change(copy)
    const { code, problems, text } = run(copy)
    expect(code, text).toBe(1)
    for (const problem of expected)
      expect(
        problems.some((found) => found.startsWith(problem)),
        `${problem}\n${text}`,
      ).toBe(true)
  })

  test('at every place in a record', () => {
    const record = JSON.stringify(recordAt(pack, 3).record)
    expect(record).toBe(canonicalJson(recordAt(pack, 3).record))
    for (let at = 1; at < record.length; at += 53) {
      const bent = `${record.slice(0, at)}${record[at] === 'x' ? 'y' : 'x'}${record.slice(at + 1)}`
      expect(run(JSON.stringify(pack).replace(record, () => bent)).code, bent).toBe(1)
    }
  })

  test('when it was made in the store and then exported', async () => {
    const other = await sealed(2)
    tamper(
      other,
      `update runs set body = replace(body, '"fail":1', '"fail":0') where id = 'run-2'`,
      `delete from findings where id = 'finding-1'`,
    )
    expect(run(await packOf(other)).problems).toEqual(['record-changed leaf 3 run run-2', 'record-missing leaf 2'])
  })
})
