import { type Finding, fleet, type StatedFinding, type Subject } from '@upkeep/contract'
import { expect, test } from 'vitest'
import { ageFindings } from './finding-life.ts'

const server: Subject = { kind: 'server', id: 'server:cursor:/home/ada/mcp.json#fs', name: 'fs' }

function statement(summary: string, subject = server): StatedFinding {
  return {
    fingerprint: `f-${subject.id}`,
    duty: 'd',
    rule: 'r',
    ruleVersion: 1,
    subject,
    severity: 'high',
    title: 't',
    summary,
    action: 'a',
    facts: {},
    proposals: [],
  }
}

function life(
  earlier: Finding[],
  stated: StatedFinding[],
  options: { at?: string; clear?: boolean; subjects?: string[]; looked?: boolean } = {},
) {
  return ageFindings({
    run: `run-${options.at ?? 'a'}`,
    at: options.at ?? '2026-11-01T00:00:00.000Z',
    earlier,
    assessment: { stated, canClear: () => options.clear ?? true, subjects: new Set(options.subjects ?? [server.id]) },
    lookedFor: () => options.looked ?? true,
  })
}

const opened = life([], [statement('one')]).records
const later = '2026-11-02T00:00:00.000Z'

test('a new finding opens', () => {
  expect(opened).toMatchObject([{ state: 'open', firstSeenAt: '2026-11-01T00:00:00.000Z' }])
})

test('the same finding again is no record', () => {
  expect(life(opened, [statement('one')], { at: later })).toEqual({ records: [], opened: 0, resolved: 0 })
})

test('the same finding stated otherwise is a step, not a new finding', () => {
  expect(life(opened, [statement('two')], { at: later })).toMatchObject({
    records: [{ state: 'open', firstSeenAt: '2026-11-01T00:00:00.000Z' }],
    opened: 0,
  })
})

test('what is no longer stated is resolved once it was really looked for', () => {
  expect(life(opened, [], { at: later })).toMatchObject({ records: [{ state: 'resolved' }], resolved: 1 })
  expect(life(opened, [], { at: later, clear: false }).records).toEqual([])
})

test('a resolved finding that comes back is reopened, and stays resolved only once', () => {
  const resolved = life(opened, [], { at: later }).records
  expect(life(resolved, [], { at: '2026-11-03T00:00:00.000Z' }).records).toEqual([])
  expect(life(resolved, [statement('one')], { at: '2026-11-03T00:00:00.000Z' })).toMatchObject({
    records: [{ state: 'reopened' }],
    opened: 1,
  })
})

test('a subject that is gone resolves its findings only where it was looked for', () => {
  expect(life(opened, [], { at: later, subjects: [], looked: false }).records).toEqual([])
  expect(life(opened, [], { at: later, subjects: [], looked: true }).records).toMatchObject([{ state: 'resolved' }])
})

test('two subjects do not share a life', () => {
  const both = life([], [statement('one'), statement('one', fleet)]).records
  expect(new Set(both.map((finding) => finding.id)).size).toBe(2)
})
