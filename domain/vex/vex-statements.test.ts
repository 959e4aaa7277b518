import { expect, test } from 'vitest'
import { byPackage } from '../advisories/known-advisories.ts'
import type { KnownPart } from '../advisories/match-parts.ts'
import { record } from '../advisories/testing/given.ts'
import { vexStatements } from './vex-statements.ts'

const remote = 'mcp-remote'
function part(version: string, more: Partial<KnownPart> = {}): KnownPart {
  return { ecosystem: 'npm', name: remote, version, path: null, copy: '/copy', direct: true, ...more }
}
/** Fixed once, opened again, and closed by the last version that is affected: no fix is named for what comes after. */
const lateRange = {
  type: 'SEMVER' as const,
  events: [{ introduced: '0.0.5' }, { fixed: '0.1.16' }, { introduced: '0.2.0' }, { lastAffected: '0.3.0' }],
}
const states = (parts: KnownPart[], ...records: ReturnType<typeof record>[]) =>
  vexStatements(parts, byPackage(records)).map((one) => [one.advisory.id, one.state])

test('a version in the range is exploitable, one after it has the fix, one before it is not affected, one that cannot be compared is in triage', () => {
  const hole = record('GHSA-1', remote, '0.1.16')
  expect(states([part('0.1.15')], hole)).toEqual([['GHSA-1', 'exploitable']])
  expect(states([part('0.1.16')], hole)).toEqual([['GHSA-1', 'resolved']])
  const late = { ...hole, affected: hole.affected.map((one) => ({ ...one, ranges: [lateRange] })) }
  expect(states([part('0.0.4')], late)).toEqual([['GHSA-1', 'not_affected']])
  expect(states([part('0.1.16')], late)).toEqual([['GHSA-1', 'resolved']])
  expect(states([part('0.2.0')], late)).toEqual([['GHSA-1', 'exploitable']])
  expect(states([part('0.3.1')], late)).toEqual([['GHSA-1', 'not_affected']])
  expect(states([part('2026.1.1')], hole)).toEqual([['GHSA-1', 'in_triage']])
  expect(vexStatements([part('0.1.16')], byPackage([hole]))[0]?.why).toContain('0.1.16 lies outside')
})

test('of several copies the worst counts, and its parts are the ones named', () => {
  const [one] = vexStatements(
    [part('0.1.16'), part('0.1.14', { copy: '/old' }), part('0.1.15', { copy: '/older' })],
    byPackage([record('GHSA-1', remote, '0.1.16')]),
  )
  expect(one).toMatchObject({ state: 'exploitable', parts: [{ copy: '/old' }, { copy: '/older' }] })
})

test('several records about one vulnerability are one statement, of the worst state', () => {
  const ghsa = record('GHSA-1', remote, '0.1.10', { aliases: ['CVE-1'] })
  const cve = record('CVE-1', remote, '0.1.16')
  expect(states([part('0.1.15')], ghsa, cve)).toEqual([['CVE-1', 'exploitable']])
  expect(states([part('0.1.9')], ghsa, cve)).toEqual([['GHSA-1', 'exploitable']])
})

test('packages that no advisory is about say nothing', () => {
  expect(states([part('1.0.0', { name: 'express' })], record('GHSA-1', remote, '0.1.16'))).toEqual([])
})
