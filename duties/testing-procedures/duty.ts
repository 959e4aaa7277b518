import { type AssessInput, type Assessment, defineDuty, type Facts, need, optional } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import { z } from 'zod'
import { judgeProbes } from './judge-probes.ts'
import { judgeTrials } from './judge-trials.ts'
import { type Rules, rules } from './rules.ts'

const needs = { declared: need('declared-server'), tests: need('server-tests'), probes: optional('server-probes') }
const params = z.object({
  maxAgeDays: z.int().min(1).max(365).default(30).describe('How many days a test of unchanged bytes counts'),
})
type Input = AssessInput<typeof needs, z.infer<typeof params>>
type Tests = Facts<'server-tests'>

const dayMs = 86_400_000

export const testingProcedures = defineDuty({
  id: 'testing-procedures',
  version: 1,
  heading: 'Change Management',
  title: 'Testing Procedures',
  summary:
    'The exact bytes of each server that may be run are tried away from production: without network and secrets, in both eras of the protocol, with the calls that have to go on working and the attacks that apply.',
  cadence: 'monthly',
  scope: 'server',
  adoptedBy: ['team', 'enterprise'],
  needs,
  whenDue: 'run-tests',
  params,
  rules,
  assess(input): Assessment<Rules> {
    const { declared, tests } = input.seen
    const nothing = { findings: [], unknowns: [], passes: [] }
    if (declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    if (declared.state === 'unavailable' || tests.state === 'unavailable') return nothing
    if (tests.state === 'absent') return { ...nothing, notApplicable: tests.reason }
    return judge(input, tests.facts)
  },
  canClear(finding, { seen: { declared, tests, probes } }) {
    if (declared.state !== 'seen') return declared.state === 'absent'
    if (finding.rule === 'attack-works')
      return probes.state === 'seen' && probes.facts.results.some(({ probe }) => probe === finding.facts.probe)
    if (tests.state !== 'seen') return false
    if (finding.rule !== 'golden-call-differs') return true
    return tests.facts.calls.some(({ id, state }) => id === finding.facts.call && state === 'same')
  },
})

function judge({ seen, at, params: { maxAgeDays } }: Input, tests: Tests): Assessment<Rules> {
  const said = [judgeTrials(tests), judgeCalls(tests), judgeProbes(seen.probes)]
  const age = Math.floor((Date.parse(at) - Date.parse(tests.at)) / dayMs)
  const old = age > maxAgeDays ? [`tested ${age} days ago, and a test counts for ${maxAgeDays}`] : []
  return {
    findings: said.flatMap((one) => one.findings),
    unknowns: [...said.flatMap((one) => one.unknowns), ...old],
    passes: said.flatMap((one) => one.passes),
    notCovered: tests.notTested,
  }
}

/** A call without a record is only held against itself: that it came to the same twice is said, and no more. */
function judgeCalls({ calls }: Tests): Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'> {
  const differing = calls.filter(({ state, recorded }) => state === 'different' && recorded)
  const open = calls.filter(({ state, recorded }) => state === 'different' && !recorded)
  const same = calls.filter(({ state, recorded }) => state === 'same' && recorded)
  return {
    findings: [
      ...differing.map(({ id, tool, kind, was, is, likelyNow }) => ({
        rule: 'golden-call-differs' as const,
        facts: { call: id, tool, kind: kind ?? 'not-comparable', was, is },
        summary: `"${printable(id, { maxLength: 60 })}" (${printable(tool, { maxLength: 60 })}): ${kind ?? 'not comparable'}; it was ${was.slice(0, 80)} and is ${is.slice(0, 80)}${likelyNow === undefined ? '' : `; likely ${printable(likelyNow, { maxLength: 60 })} now`}`,
        action: 'Keep the version in which it worked, or record the call anew once its callers are changed.',
      })),
      ...calls
        .filter(({ state }) => state === 'flaky')
        .map(({ id }) => ({
          rule: 'flaky' as const,
          facts: { what: `call ${id}` },
          summary: `the golden call "${printable(id, { maxLength: 60 })}" does not come to the same each time`,
          action: 'Find what its answer depends on; where only the text may differ, set textMayDiffer.',
        })),
    ],
    unknowns: open.map(
      ({ id, kind }) =>
        `golden call "${printable(id, { maxLength: 60 })}": ${kind ?? 'not comparable'}, and no record of it`,
    ),
    passes: same.length === 0 ? [] : [`${same.length} golden calls come to what is recorded of them`],
  }
}
