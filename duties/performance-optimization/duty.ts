import { type AssessInput, type Assessment, defineDuty, type Facts, need } from '@upkeep/contract'
import { z } from 'zod'
import { judgeTunings } from './judge-tunings.ts'
import { judgeAgain, judgeWays } from './judge-ways.ts'
import { type Rules, rules } from './rules.ts'

const needs = { declared: need('declared-server'), costs: need('control-costs') }
const params = z.object({
  maxAddedMs: z
    .number()
    .positive()
    .max(60_000)
    .default(100)
    .describe('Milliseconds that controls may add to the slowest 5 % of calls'),
  maxAgeDays: z.int().min(1).max(3_650).default(180).describe('How many days a measurement counts'),
})
type Input = AssessInput<typeof needs, z.infer<typeof params>>

const dayMs = 86_400_000
const notCovered = [
  'what waiting for approvals costs',
  'calls other than the one that was measured, and load from many at once',
]

export const performanceOptimization = defineDuty({
  id: 'performance-optimization',
  version: 1,
  heading: 'MCP Server Maintenance',
  title: 'Performance Optimization',
  summary:
    'What each control costs is measured on the real server and can be measured again; a tuning is kept only while the whole negative suite holds with it.',
  cadence: 'quarterly',
  scope: 'server',
  adoptedBy: ['enterprise'],
  needs,
  params,
  rules,
  assess(input): Assessment<Rules> {
    const { declared, costs } = input.seen
    const nothing = { findings: [], unknowns: [], passes: [], notCovered }
    if (declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    if (declared.state === 'unavailable' || costs.state === 'unavailable') return nothing
    if (costs.state === 'absent') return { ...nothing, unknowns: [`what its controls cost: ${costs.reason}`] }
    return judge(input, costs.facts)
  },
  canClear(finding, { seen: { declared, costs } }) {
    if (declared.state !== 'seen') return declared.state === 'absent'
    if (costs.state !== 'seen') return false
    if (finding.rule === 'tuning-breaks-a-control') return true
    const measured = finding.rule === 'numbers-do-not-hold' ? costs.facts.again : costs.facts.ways
    return measured.some(({ way }) => way === finding.facts.way)
  },
})

function judge({ at, params: { maxAddedMs, maxAgeDays } }: Input, costs: Facts<'control-costs'>): Assessment<Rules> {
  const said = [judgeWays(costs, maxAddedMs), judgeAgain(costs), judgeTunings(costs)]
  const age = Math.floor((Date.parse(at) - Date.parse(costs.measuredAt)) / dayMs)
  const old = age > maxAgeDays ? [`measured ${age} days ago, and a measurement counts for ${maxAgeDays}`] : []
  return {
    findings: said.flatMap((one) => one.findings),
    unknowns: [...said.flatMap((one) => one.unknowns), ...old],
    passes: said.flatMap((one) => one.passes),
    notCovered,
  }
}
