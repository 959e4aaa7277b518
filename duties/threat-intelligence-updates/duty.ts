import { type AssessInput, type Assessment, defineDuty, type EarlierFinding, type Facts, need } from '@upkeep/contract'
import { coverageOf, describeFeed } from '@upkeep/domain/advisories/feed-coverage'
import { byPackage, callName } from '@upkeep/domain/advisories/known-advisories'
import { advisedEcosystems } from '@upkeep/domain/history/advised-ecosystems'
import { matchPast, type PastMatch, type PastMatching } from '@upkeep/domain/history/past-matches'
import { printable } from '@upkeep/domain/printable'
import { canBeListed, inputsOf } from '@upkeep/domain/urgency/urgency-inputs'
import { z } from 'zod'
import { answerFor } from './named-advisories.ts'
import { type Rules, rules } from './rules.ts'
import { stateMatch } from './state-match.ts'

const needs = { history: need('fleet-history'), advisories: need('advisories') }
const params = z.object({
  maxFeedAgeDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(35)
    .describe('How old the newest record of a whole feed may be before its silence counts for nothing'),
  lookBackDays: z.int().min(1).max(3_650).default(365).describe('How many days back the past of the fleet is matched'),
  watch: z
    .array(z.string().min(1).max(100))
    .max(50)
    .default([])
    .describe('Vulnerabilities to answer for by name, such as CVE-2025-6514: applies, or not and why'),
})
type Input = AssessInput<typeof needs, z.infer<typeof params>>

const notCovered = [
  'events: hosts that servers talked to, other than those that an entry names',
  'what ran between two looks',
]

export const threatIntelligenceUpdates = defineDuty({
  id: 'threat-intelligence-updates',
  version: 2,
  heading: 'Weekly Maintenance',
  title: 'Threat Intelligence Updates',
  summary:
    'Says what of the intelligence at hand touches this fleet, now or in the past: from when to when, and what it could read.',
  cadence: 'weekly',
  scope: 'fleet',
  adoptedBy: ['solo', 'team', 'enterprise'],
  needs,
  params,
  rules,
  assess(input): Assessment<Rules> {
    const { history, advisories } = input.seen
    const nothing = { findings: [], unknowns: [], passes: [], notCovered }
    if (history.state !== 'seen' || advisories.state === 'unavailable') return nothing
    if (advisories.state === 'absent') return { ...nothing, notApplicable: advisories.reason }
    const past = since(history.facts, input)
    const noPackage = `this fleet had no package in the last ${input.params.lookBackDays} days that could be looked up`
    return {
      ...brief(input, past, advisories.facts),
      notCovered,
      ...(past.packages.length === 0 ? { notApplicable: noPackage } : {}),
    }
  },
  canClear: (finding, input) => canClear(finding, input),
})

type Said = Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'>

/** Matched items only; and for what was asked about by name the answer, whatever it is. */
function brief(input: Input, history: Facts<'fleet-history'>, advisories: Facts<'advisories'>): Said {
  const matching = matchPast(history, byPackage(advisories.records))
  const coverage = coverageOf(advisories.feeds, advisedEcosystems(history.packages), { at: input.at, ...input.params })
  const answers = input.params.watch.map((id) =>
    answerFor(id, { matching, advisories, coverage, since: history.since }),
  )
  const findings = [...findingsOf(matching, input.params.watch), ...indicators(advisories)]
  const malicious = matching.unknowns.filter((one) => one.advisory.record.malicious)
  const unknowns = [
    ...coverage.unknowns,
    ...history.leftOut,
    ...malicious.map((one) => `whether ${callName(one.advisory.record)} was here is not known: ${one.why}`),
    ...answers.flatMap((one) => (one.state === 'unknown' ? [one.line] : [])),
    ...exploitationUnknown(matching.matches),
  ]
  const clear = findings.length === 0 && unknowns.length === 0 && coverage.whole.length > 0
  const feeds = coverage.whole.map(describeFeed).join(' and ')
  const from = history.since === null ? '' : ` since ${history.since.slice(0, 10)}`
  return {
    findings,
    unknowns: [...new Set(unknowns)],
    passes: [
      ...(clear ? [`nothing that is malicious or known to be exploited was here${from}, by ${feeds}`] : []),
      ...answers.flatMap((one) => (one.state === 'not-affected' ? [one.line] : [])),
    ],
  }
}

const dayMs = 86_400_000

/** The part of the past that is looked at. */
function since(history: Facts<'fleet-history'>, { at, params: { lookBackDays } }: Input): Facts<'fleet-history'> {
  const from = new Date(Date.parse(at) - lookBackDays * dayMs).toISOString()
  const packages = history.packages.flatMap((one) => {
    const sights = one.sights.filter((sight) => sight.lastSeenAt === null || (sight.goneBy ?? sight.lastSeenAt) >= from)
    return sights.length === 0 ? [] : [{ ...one, sights }]
  })
  return { ...history, packages }
}

/** Each match under the gravest thing that can be said of it; a vulnerability that nobody exploits or asks about is no news. */
function findingsOf({ matches }: PastMatching, watch: readonly string[]): Said['findings'] {
  return matches.flatMap((match) => {
    const { record } = match.advisory
    if (record.malicious) return [stateMatch('malicious-package-was-here', match)]
    const { exploited } = inputsOf(record)
    if (exploited.value && !exploited.assumed) return [stateMatch('exploited-while-here', match)]
    const asked = [record.id, ...record.aliases].some((name) => watch.includes(name))
    return asked ? [stateMatch('named-advisory-applies', match)] : []
  })
}

/** That nobody can say whether a vulnerability is exploited is said once, with how many. */
function exploitationUnknown(matches: readonly PastMatch[]): string[] {
  const open = matches.filter(({ advisory: { record } }) => !record.malicious && inputsOf(record).exploited.assumed)
  const [named, unnamed] = [open.filter(isListable), open.filter((one) => !isListable(one))].map(namesOf)
  const noCve = 'no CVE, and the list of the exploited names CVEs only'
  if (named === undefined || unnamed === undefined || open.length === 0) return []
  if (named === '') return [`whether ${unnamed} is exploited is not known: it has ${noCve}`]
  const besides = unnamed === '' ? '' : `; nor of ${unnamed}: it has ${noCve}`
  return [`whether ${named} is exploited is not known: no list of the exploited in date${besides}`]
}

function isListable({ advisory }: PastMatch): boolean {
  return canBeListed(advisory.record)
}

function namesOf(matches: readonly PastMatch[]): string {
  const names = matches.slice(0, 3).map((one) => callName(one.advisory.record))
  return `${names.join(', ')}${matches.length > 3 ? ` and ${matches.length - 3} more` : ''}`
}

function indicators({ indicators: matched }: Facts<'advisories'>): Said['findings'] {
  return matched.map(({ type, value, says, feed }) => ({
    rule: 'indicator-matched',
    facts: { type, value, says, feed },
    summary: `${type} ${printable(value, { maxLength: 200 })} is named as a sign of an attack by ${printable(feed)}: "${printable(says, { maxLength: 160 })}"`,
    action: `Take the entries that name ${printable(value, { maxLength: 200 })} out of use until you know what it is.`,
  }))
}

/** A match of the past is no longer one only when its record says otherwise, or when it is too long ago. */
function canClear({ rule, facts }: EarlierFinding, { seen }: Input): boolean {
  if (seen.advisories.state !== 'seen') return false
  const { records, feeds } = seen.advisories.facts
  if (rule === 'indicator-matched')
    return feeds.some((feed) => feed.id === facts.feed && !feed.stale && feed.problem === undefined)
  return records.some((record) => record.id === facts.advisory) || isForgotten(facts, seen.history)
}

function isForgotten(facts: EarlierFinding['facts'], history: Input['seen']['history']): boolean {
  if (history.state !== 'seen') return false
  return !history.facts.packages.some((one) => one.name === facts.package && one.ecosystem === facts.ecosystem)
}
