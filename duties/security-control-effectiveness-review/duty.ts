import { type Assessment, defineDuty, need, optional, rule } from '@upkeep/contract'
import { triedControls } from '@upkeep/domain/attacks/controls'
import { printable } from '@upkeep/domain/printable'
import { shellWord } from '@upkeep/domain/shell-word'
import { z } from 'zod'
import { type ControlTrials, trialsByControl } from './trials.ts'

const rules = {
  'attack-missed': rule({
    version: 1,
    title: 'A harmless attack got through',
    severity: 'medium',
    help: 'Put the control in, in the server or in front of it, then run "upkeep prove --controls" again.',
    facts: z.object({
      control: z.string(),
      /** Trials that got through, of all that were made. */
      missed: z.int(),
      trials: z.int(),
      probes: z.array(z.string()),
      maps: z.array(z.string()),
      provenAt: z.string(),
      detail: z.string(),
    }),
    identity: ['control'],
  }),
}

const notCovered = [
  'whether an attack is detected, and how late, but for denials in the log that its owner names',
  'how often a control alarms without cause',
  'what it costs',
]

export const securityControlEffectivenessReview = defineDuty({
  id: 'security-control-effectiveness-review',
  version: 1,
  heading: 'Quarterly Maintenance',
  title: 'Security Control Effectiveness Review',
  summary: 'Each control was attacked, harmlessly: what was stopped, what got through, and what nobody has tried.',
  cadence: 'quarterly',
  scope: 'server',
  adoptedBy: ['team', 'enterprise'],
  needs: {
    declared: need('declared-server'),
    proofs: optional('server-probes'),
    probes: optional('control-probes'),
    attacks: optional('endpoint-attacks'),
  },
  whenDue: 'attack-controls',
  params: z.object({
    maxAgeDays: z.int().min(1).max(366).default(100).describe('How many days an attack that was prevented counts'),
  }),
  rules,
  assess({ seen, subject, params, at }): Assessment<typeof rules> {
    const nothing = { findings: [], unknowns: [], passes: [], notCovered }
    if (seen.declared.state === 'unavailable') return nothing
    if (seen.declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    const tried = trialsByControl(seen.proofs, seen.probes, seen.attacks, at)
    const all = inOrder(tried)
    const missed = all.filter(({ missed }) => missed > 0)
    const open = all.filter((one) => one.missed === 0 && one.inconclusive > 0)
    const prevented = all.filter((one) => one.missed === 0 && one.inconclusive === 0 && one.prevented > 0)
    const old = prevented.filter((one) => ageOf(one, at) > params.maxAgeDays)
    const held = prevented.filter((one) => !old.includes(one))
    const untouched = all.filter((one) => one.missed + one.inconclusive + one.prevented === 0)
    return {
      findings: missed.map((one) => finding(one, subject.name)),
      unknowns: [
        ...open.map((one) => `${one.control}: not demonstrated (${shown(one.detail)})`),
        ...tooOld(old, at, params.maxAgeDays),
        ...neverTried([...tried.keys()], seen.proofs.state === 'seen' ? '' : seen.proofs.reason),
      ],
      passes: held.map(heldLine),
      notCovered: [...untouched.map((one) => `${one.control}: nothing to try (${shown(one.detail)})`), ...notCovered],
    }
  },
})

/** Controls that atoms try come first, as they are listed; then those that only an endpoint has. */
function inOrder(tried: ReadonlyMap<string, ControlTrials>): ControlTrials[] {
  const known = triedControls.map(({ id }) => id)
  return [...known, ...[...tried.keys()].filter((id) => !known.includes(id))].flatMap((id) => tried.get(id) ?? [])
}

function finding(one: ControlTrials, name: string): Assessment<typeof rules>['findings'][number] {
  const about = triedControls.find(({ id }) => id === one.control)
  const { control, missed, trials, probes, maps, at, detail } = one
  return {
    rule: 'attack-missed',
    ...(about === undefined ? {} : { severity: about.severity }),
    facts: { control, missed, trials, probes, maps, provenAt: at, detail },
    summary: `${name} does not keep ${about?.keeps ?? control}: ${missed} of ${trials} attacks got through (${shown(detail)})`,
    action: `Put "${control}" in, in the server or in front of it, then run "upkeep prove ${shellWord(name)} --controls".`,
  }
}

/** What was stopped, and how much of it was seen to reach a log: the two are counted apart. */
function heldLine({ control, prevented, trials, detected, slowestMs, at }: ControlTrials): string {
  const seen = detected === 0 ? '' : `, ${detected} detected in the log after ${slowestMs} ms at most`
  return `${control}: ${prevented} of ${trials} prevented${seen}, last on ${day(at)}`
}

/** All in one line: that nobody tried is one thing to know, however many controls there are. */
function neverTried(tried: readonly string[], why: string): string[] {
  const missing = triedControls.map(({ id }) => id).filter((id) => !tried.includes(id))
  if (missing.length === 0) return []
  return [`not demonstrated, never tried: ${missing.join(', ')}${why === '' ? '' : ` (${shown(why)})`}`]
}

const dayMs = 86_400_000

function ageOf({ at }: ControlTrials, now: string): number {
  return Math.floor((Date.parse(now) - Date.parse(at)) / dayMs)
}

function tooOld(old: readonly ControlTrials[], now: string, maxAgeDays: number): string[] {
  if (old.length === 0) return []
  const oldest = Math.max(...old.map((one) => ageOf(one, now)))
  return [
    `${old.map(({ control }) => control).join(', ')}: tried up to ${oldest} days ago, and that counts for ${maxAgeDays}`,
  ]
}

function shown(text: string): string {
  return printable(text, { maxLength: 160 })
}

function day(instant: string): string {
  return instant.slice(0, 10)
}
