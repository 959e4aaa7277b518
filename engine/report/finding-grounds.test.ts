import { describe, expect, test } from 'vitest'
import { ageOfGrounds, conflictsOf } from './finding-grounds.ts'

const facts = { advisory: 'GHSA-1', feed: 'osv.zip' }
const at = '2026-11-22T09:30:00.000Z'
const feed = { id: 'osv.zip', form: 'osv' as const, newest: '2026-10-23T00:00:00Z', maxAgeDays: 21 }

describe('the age of what a finding rests on', () => {
  test('is said once it is beyond the limit of its feed, and grows with the day on which it is shown', () => {
    expect(ageOfGrounds(facts, [{ ...feed, maxAgeDays: 35 }], at)).toBeNull()
    expect(ageOfGrounds(facts, [feed], at)).toBe(
      'rests on advice of 2026-10-23 or before, 30 d ago (osv.zip): a later record may overturn it',
    )
    expect(ageOfGrounds(facts, [feed], '2026-12-22T09:30:00.000Z')).toContain('60 d ago')
  })

  test('of a selection, of which nobody says how old it may be, after three weeks', () => {
    const selection = { ...feed, maxAgeDays: null }
    expect(ageOfGrounds(facts, [{ ...selection, newest: '2026-11-02T00:00:00Z' }], at)).toBeNull()
    expect(ageOfGrounds(facts, [selection], at)).toContain('30 d ago')
  })

  test('is said not to be known where the feed has no date', () => {
    expect(ageOfGrounds(facts, [{ ...feed, newest: null }], at)).toBe(
      'rests on osv.zip, which does not say how old it is',
    )
  })

  test('of a sheet is that of the newest feed about versions', () => {
    const sheet = { sheet: [{ name: 'CVE-1' }] }
    const older = { ...feed, id: 'older', newest: '2026-01-01T00:00:00Z' }
    const list = { ...feed, id: 'kev', form: 'kev' as const, newest: '2026-11-22T00:00:00Z' }
    expect(ageOfGrounds(sheet, [older, feed, list], at)).toContain('30 d ago (osv.zip)')
    expect(ageOfGrounds(sheet, [older, { ...feed, newest: '2026-11-20T00:00:00Z' }], at)).toBeNull()
  })

  test('is none of a finding that rests on no feed, or on one that was not looked through', () => {
    const old = [{ ...feed, maxAgeDays: 1 }]
    expect(ageOfGrounds({ file: '/a' }, old, at)).toBeNull()
    expect(ageOfGrounds({ ...facts, feed: 'other' }, old, at)).toBeNull()
  })
})

test('conflicts are those of the finding and of each line of a sheet; facts of another form have none', () => {
  const conflict = (field: 'severity' | 'fixed') => ({
    field,
    values: [
      { source: 'cve', record: 'CVE-1', value: 'critical' },
      { source: 'pages', record: 'SITE-1', value: 'high' },
    ],
  })
  expect(conflictsOf({ conflicts: [conflict('severity')] })).toEqual([conflict('severity')])
  const sheet = [{ conflicts: [conflict('severity')] }, { name: 'x', conflicts: [conflict('fixed')] }]
  expect(conflictsOf({ sheet })).toEqual([conflict('severity'), conflict('fixed')])
  expect(conflictsOf({ conflicts: 'none' })).toEqual([])
})
