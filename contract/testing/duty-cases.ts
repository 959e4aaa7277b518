import { afterAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { drawVerdict, missingNeeds } from '../draw-verdict.ts'
import type { Assessment, Duty, Handed, Needs, Rules } from '../duty.ts'
import { observationKinds } from '../observation.ts'
import { fleet, personSubject, type Subject, serverSubject } from '../subject.ts'
import type { VerdictWord } from '../verdict.ts'

/** One row of a duty's table: what was seen, and what must follow. */
export interface DutyCase<N extends Needs, R extends Rules, P> {
  name: string
  given: Handed<N>
  params?: Partial<P>
  subject?: Subject
  at?: string
  expect: {
    verdict: VerdictWord
    /** The rule ids of the findings, in order; or with some of their facts and texts. */
    findings?: readonly (
      | (keyof R & string)
      | { rule: keyof R & string; facts?: Record<string, unknown>; summary?: string; action?: string }
    )[]
    /** Each must occur in some line. */
    unknowns?: readonly string[]
    passes?: readonly string[]
  }
}

const subjects = {
  server: serverSubject('claude-desktop', '/home/ada/config.json', 'fs'),
  person: personSubject('ada', 'Ada'),
  fleet,
}

/**
 * Runs a duty's table. Input is parsed with the needs' schemas and deep-frozen, the duty is assessed twice and must say the same, every
 * rule must fire in some row, and some row must be clean.
 */
export function dutyCases<N extends Needs, R extends Rules, P extends z.ZodObject>(
  duty: Duty<N, R, P>,
  cases: readonly DutyCase<N, R, z.infer<P>>[],
): void {
  const fired = new Set<string>()
  let clean = false
  describe(duty.id, () => {
    test.each(cases.map((row) => [row.name, row] as const))('%s', (_name, row) => {
      const assessment = assessTwice(duty, row)
      for (const finding of assessment.findings) fired.add(finding.rule)
      clean ||= assessment.findings.length === 0
      checkRow(duty, row, assessment)
    })
    afterAll(() => {
      expect([...fired].sort(), 'every rule fires in some row').toEqual(Object.keys(duty.rules).sort())
      expect(clean, 'some row is clean').toBe(true)
    })
  })
}

function assessTwice<N extends Needs, R extends Rules, P extends z.ZodObject>(
  duty: Duty<N, R, P>,
  row: DutyCase<N, R, z.infer<P>>,
): Assessment<R> {
  for (const [name, need] of Object.entries(duty.needs)) parseSeen(need.kind, row.given[name])
  const input = deepFreeze({
    subject: row.subject ?? subjects[duty.scope],
    seen: structuredClone(row.given),
    params: duty.params.parse(row.params ?? {}),
    at: row.at ?? '2026-11-22T09:00:00.000Z',
  })
  const first = duty.assess(input)
  expect(duty.assess(input), 'the same input gives the same assessment').toEqual(first)
  for (const finding of first.findings) expect(() => duty.rules[finding.rule]?.facts.parse(finding.facts)).not.toThrow()
  return first
}

function parseSeen(kind: keyof typeof observationKinds, seen: unknown): void {
  const known = typeof seen === 'object' && seen !== null && 'state' in seen ? seen : { state: 'missing from the row' }
  if (known.state === 'seen' && 'facts' in known) observationKinds[kind].facts.parse(known.facts)
  else expect(['absent', 'unavailable'], `need of kind ${kind}`).toContain(known.state)
}

function checkRow<N extends Needs, R extends Rules, P>(
  duty: { needs: N },
  row: DutyCase<N, R, P>,
  assessment: Assessment<R>,
): void {
  const unknowns = [...missingNeeds(duty.needs, row.given), ...assessment.unknowns]
  expect(drawVerdict(assessment, unknowns)).toBe(row.expect.verdict)
  const expected = (row.expect.findings ?? []).map((finding) =>
    typeof finding === 'string' ? { rule: finding } : finding,
  )
  expect(assessment.findings.map((finding) => finding.rule)).toEqual(expected.map((finding) => finding.rule))
  for (const [index, finding] of expected.entries()) {
    const texts = 'summary' in finding || 'action' in finding ? containing(finding) : {}
    expect(assessment.findings[index]).toMatchObject({ ...finding, ...texts })
  }
  for (const text of row.expect.unknowns ?? []) expect(unknowns.join('\n')).toContain(text)
  for (const text of row.expect.passes ?? []) expect(assessment.passes.join('\n')).toContain(text)
}

function containing(finding: { summary?: string; action?: string }): Record<string, unknown> {
  return {
    ...(finding.summary === undefined ? {} : { summary: expect.stringContaining(finding.summary) }),
    ...(finding.action === undefined ? {} : { action: expect.stringContaining(finding.action) }),
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
