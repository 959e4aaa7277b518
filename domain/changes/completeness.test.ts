import { expect, test } from 'vitest'
import { type Documented, documentedOf, gapsOf, heldByDocument, isSentence } from './completeness.ts'
import { madeChange } from './testing/made-change.ts'

const said = 'The vendor ends support of version 1 in May'
const sound: Documented = {
  class: 'normal',
  risk: 'high',
  title: 'set fs to 2.0.1',
  closes: 0,
  undoable: true,
  rehearsed: 'passed',
  phase: 'closed',
  reasons: [said],
  tested: true,
}

test.each<[string, Partial<Documented>, string[]]>([
  ['complete', {}, []],
  ['a reason of one word', { reasons: ['upgrade'] }, ['rationale']],
  ['no reason', { reasons: [] }, ['rationale']],
  ['the same word again and again', { reasons: ['because because because because'] }, ['rationale']],
  ['the title again', { title: said, reasons: [said] }, ['rationale']],
  ['a sentence that came later', { reasons: ['upgrade', said] }, []],
  ['the way back was never walked', { rehearsed: null }, ['rollback']],
  ['the way back did not lead back', { rehearsed: 'failed' }, ['rollback']],
  ['there is no way back, and it says so', { rehearsed: null, undoable: false }, []],
  ['low risk, by the findings that it closes', { risk: 'low', reasons: [], closes: 1, rehearsed: null }, []],
  ['low risk that closes nothing', { risk: 'low', reasons: [], rehearsed: null }, ['rationale']],
  ['high risk takes a reason though it closes findings', { reasons: [], closes: 4 }, ['rationale']],
  ['medium risk, by the findings that it closes', { risk: 'medium', reasons: [], closes: 1 }, []],
  ['medium risk, one word in their place', { risk: 'medium', reasons: ['upgrade'], closes: 1 }, ['rationale']],
  ['made, and not seen in force', { phase: 'applied' }, ['result']],
  ['neither assessed nor tested', { risk: null, tested: false }, ['assessment', 'tests']],
])('%s', (_, over, gaps) => {
  expect(gapsOf({ ...sound, ...over }).map(({ field }) => field)).toEqual(gaps)
})

test('a change of medium or high risk is held for want of its document, and says what to do', () => {
  const held = heldByDocument(madeChange({ risk: 'medium', reason: 'upgrade', rehearsed: 'passed' }), [])
  expect(held).toMatch(/not said in a sentence: upkeep changes --justify c1/)
  expect(heldByDocument(madeChange({ risk: 'medium', reason: 'upgrade', rehearsed: 'passed' }), [said])).toBeNull()
  expect(heldByDocument(madeChange({ risk: 'medium', reason: said, rehearsed: null }), [])).toMatch(/way back/)
})

test('low risk and emergencies are not held by it', () => {
  expect(heldByDocument(madeChange({ risk: 'low', reason: null, rehearsed: null }), [])).toBeNull()
  const emergency = madeChange({ risk: 'high', reason: null, rehearsed: null, class: 'emergency' })
  expect(heldByDocument(emergency, [])).toBeNull()
  expect(gapsOf(documentedOf(emergency, [])).map(({ field }) => field)).toEqual(['rationale', 'rollback'])
})

test('a sentence has three words of any language', () => {
  expect(isSentence('Zugriff wird eng begrenzt', '')).toBe(true)
  expect(isSentence('безопасность прежде всего', '')).toBe(true)
  expect(isSentence('安全のために権限を減らす', '')).toBe(true)
  expect(isSentence('... !!! ???', '')).toBe(false)
  expect(isSentence('a b c d e', '')).toBe(false)
})
