/**
 * What must not compile. Each `@ts-expect-error` is a test: were the mistake accepted, the compiler would report the directive as unused.
 * Compiled by `npm run check:types`, under the duties' own settings (no Node types, no DOM).
 */
import { defineCollector, defineDuty, need, rule } from '@upkeep/contract'
import { z } from 'zod'

const base = {
  id: 'example',
  version: 1,
  heading: 'Daily Operations',
  title: 'Example',
  summary: 'Example.',
  cadence: 'daily',
  scope: 'server',
  adoptedBy: ['solo'],
  params: z.object({ maxAgeDays: z.number().default(7) }),
} as const
const rules = {
  'known-bad': rule({
    version: 1,
    title: 'Bad',
    severity: 'high',
    help: 'Replace it.',
    facts: z.object({ advisory: z.string() }),
    identity: ['advisory'],
  }),
}
const needs = { resolved: need('resolved-package') }
const nothing = { unknowns: [], passes: [] }

// Sound: compiles.
export const sound = defineDuty({
  ...base,
  needs,
  rules,
  assess: ({ seen, params }) => ({
    ...nothing,
    findings:
      seen.resolved.state === 'seen' && params.maxAgeDays > 0
        ? [{ rule: 'known-bad', facts: { advisory: seen.resolved.facts.name }, summary: '', action: '' }]
        : [],
  }),
})

export const undeclaredRule = defineDuty({
  ...base,
  needs,
  rules,
  assess: () => ({
    ...nothing,
    // @ts-expect-error a finding for a rule that the duty does not declare
    findings: [{ rule: 'not-declared', facts: { advisory: 'x' }, summary: '', action: '' }],
  }),
})

export const wrongFacts = defineDuty({
  ...base,
  needs,
  rules,
  // @ts-expect-error facts that are not the rule's
  assess: () => ({ ...nothing, findings: [{ rule: 'known-bad', facts: { advisry: 'x' }, summary: '', action: '' }] }),
})

export const unknownField = defineDuty({
  ...base,
  needs,
  rules,
  assess: ({ seen }) => {
    if (seen.resolved.state !== 'seen') return { ...nothing, findings: [] }
    // @ts-expect-error a field that the observation does not have
    return { ...nothing, findings: [], notApplicable: seen.resolved.facts.tagline }
  },
})

export const undeclaredNeed = defineDuty({
  ...base,
  needs,
  rules,
  // @ts-expect-error an observation that the duty did not declare
  assess: ({ seen }) => ({ ...nothing, findings: [], notApplicable: String(seen.endpoint) }),
})

export const unseenRead = defineDuty({
  ...base,
  needs,
  rules,
  // @ts-expect-error facts may be read only once the state is known to be `seen`
  assess: ({ seen }) => ({ ...nothing, findings: [], notApplicable: seen.resolved.facts.name }),
})

// @ts-expect-error identity names a fact that the rule does not have
rule({ version: 1, title: '', severity: 'low', help: '', facts: z.object({ a: z.string() }), identity: ['b'] })

// @ts-expect-error a kind that nobody can see
need('weather')

export const readsFiles = defineDuty({
  ...base,
  needs,
  rules,
  assess: () => {
    // @ts-expect-error no process in a duty
    const home = process.env.HOME
    // @ts-expect-error no network in a duty
    void fetch(home)
    return { ...nothing, findings: [] }
  },
})

// @ts-expect-error no Node modules in a duty
export type NoFileSystem = typeof import('node:fs')

export const undeclaredPort = defineCollector({
  id: 'example',
  version: 1,
  title: 'Example',
  sees: ['listener'],
  per: 'server',
  reaches: ['files'],
  after: [],
  timeoutSeconds: 1,
  collect: async ({ ports }) => {
    // @ts-expect-error a port that the collector did not declare
    void ports.http
    return []
  },
})
