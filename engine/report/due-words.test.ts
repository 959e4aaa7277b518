import type { Due } from '@upkeep/contract/due'
import { describe, expect, test } from 'vitest'
import { compareDue, dueLabel, dueSentence, soonest } from './due-words.ts'
import { itemsOf } from './items.ts'
import { findingOf, modelOf } from './report.cases.ts'
import { renderTerminal } from './terminal.ts'

const now = '2026-11-22T09:00:00.000Z'
const due = (at: string | null): Due => ({ at, why: 'because', table: { id: 't', version: 1, row: 3 } })

test.each([
  ['2026-11-25T09:00:00.000Z', '3 days'],
  ['2026-11-24T08:59:00.000Z', '1 day'],
  ['2026-11-23T08:59:00.000Z', 'due now'],
  ['2026-11-01T00:00:00.000Z', 'overdue'],
  [null, 'upgrade'],
])('%s reads as %s', (at, label) => {
  expect(dueLabel(due(at), now)).toBe(label)
})

test('a due date explains itself', () => {
  expect(dueSentence(due('2026-11-25T09:00:00.000Z'))).toBe('due 2026-11-25: because')
  expect(dueSentence(due(null))).toBe('due with the next upgrade: because')
})

test('the soonest comes first, then the next upgrade, then nothing', () => {
  const [upgrade, day] = [due(null), due(now)]
  expect([null, upgrade, day, null].sort(compareDue)).toEqual([day, upgrade, null, null])
  expect(soonest([undefined, upgrade, day])).toBe(day)
  expect(soonest([undefined])).toBeNull()
})

describe('things to do', () => {
  const dated = (fingerprint: string, at: string | null, to: string) => {
    const finding = findingOf({ fingerprint, to })
    return { ...finding, statement: { ...finding.statement, due: due(at) } }
  }
  const plain = findingOf({ fingerprint: 'c', to: '2.0.1' })

  test('findings that one change closes are due when the first of them is', () => {
    const items = itemsOf([
      dated('a', '2026-12-06T09:00:00.000Z', '2.0.1'),
      dated('b', '2026-11-25T09:00:00.000Z', '2.0.1'),
      plain,
    ])
    expect(items.map((item) => item.due?.at)).toEqual(['2026-11-25T09:00:00.000Z'])
  })

  test('of the equally bad the one that is due first comes first', () => {
    const items = itemsOf([plain, dated('a', null, '3.0.0'), dated('b', '2026-11-25T09:00:00.000Z', '4.0.0')])
    expect(items.map((item) => item.due?.at)).toEqual(['2026-11-25T09:00:00.000Z', null, undefined])
  })

  test('the terminal heads the line with the time there is, and explains it with --verbose', () => {
    const model = modelOf([dated('a', '2026-11-25T23:00:00.000Z', '2.0.1')], { at: now })
    const options = { width: 120, colour: false, ascii: false, verbose: false, reportPath: null, maxItems: 10 }
    expect(renderTerminal(model, options)).toMatch(/^ {2}3 days {2}fs/m)
    expect(renderTerminal(model, { ...options, verbose: true })).toContain('due 2026-11-25: because')
  })
})
