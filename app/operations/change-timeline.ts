import type { ChangeStep } from '@upkeep/contract'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { reviewDueAt, secondsToContain } from '@upkeep/domain/changes/held-by-emergency'
import { stampOf } from '@upkeep/domain/distance'
import { counted, plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { z } from 'zod'

/** What happened to a change, step by step, as it was sealed. */
export function timelineText(state: ChangeState, style: TerminalStyle): string {
  const lines = journalOf(state).map(({ at, says }) => `${at.slice(0, 19).replace('T', ' ')}  ${says}`)
  const contained = secondsToContain(state)
  const review = reviewDueAt(state)
  const measured = [
    ...(contained === null ? [] : [`contained ${contained} s after it was opened`]),
    ...(review === null ? [] : [`to be reviewed until ${stampOf(review)}`]),
  ]
  return `${[...lines, ...measured].map((line) => plain(style, line, longest + 30)).join('\n')}\n`
}

/** One step of a change as it was recorded, for reading. */
export const JournalLine = z.strictObject({ at: z.string(), is: z.string(), says: z.string() })
export type JournalLine = z.infer<typeof JournalLine>

const longest = 400

/** The steps of a change in order, each in words. */
export function journalOf(state: ChangeState): JournalLine[] {
  return state.steps.map((step) => ({ at: step.at, is: step.is, says: stepWords(step, state).slice(0, longest) }))
}

/** One step in words. Names in it are as they were found. */
export function stepWords(step: ChangeStep, state: ChangeState): string {
  return wordsBefore(step) ?? wordsOfMaking(step, state)
}

/** Of what comes before the first write. */
function wordsBefore(step: ChangeStep): string | null {
  switch (step.is) {
    case 'proposed':
      return `proposed by ${step.requester.person}${step.reason === null ? '' : `: ${step.reason}`}`
    case 'assessed':
      return `assessed: ${step.assessment.risk} risk`
    case 'tested':
      return `tested: ${step.tests.map(({ name, outcome }) => `${name} ${outcome}`).join(', ') || 'no test applies'}`
    case 'approved':
      return `${step.approval.decision} by ${step.approval.signer.person}${forWords(step.approval)}, until ${stampOf(step.approval.until)}`
    case 'approval-withdrawn':
      return `${step.person} took the approval back`
    case 'scheduled':
      return `scheduled for ${stampOf(step.from)}${step.window === null ? '' : ` ("${step.window}")`}`
    case 'emergency':
      return `${step.rehearsal ? 'rehearsal' : 'emergency'}: ${counted(step.affected.length, 'place')} affected`
    case 'evidence':
      return `kept before anything was touched: ${step.captured.map(({ name, digest }) => `${name} ${digest.slice(0, 12)}`).join(', ')}`
    case 'go-no-go':
      return `${step.go ? 'go' : 'no-go'}: ${step.checks.map(({ name, state }) => `${name} (${state})`).join(', ')}`
    case 'notified':
      return noticeWords(step)
    default:
      return null
  }
}

function noticeWords({ channel, outcome, detail, about }: Extract<ChangeStep, { is: 'notified' }>): string {
  if (about === 'ticket') return `ticket: ${detail}`
  if (outcome === 'withheld' && about !== 'expected-alarm')
    return `${channel} was not told at once (${about}): ${detail}`
  if (outcome === 'withheld') return `an alarm that it was expected to cause was not sent: ${detail}`
  return `${channel} ${outcome === 'delivered' ? 'was told' : `could not be told: ${detail}`} (${about})`
}

function forWords({ onBehalfOf }: { onBehalfOf?: string | undefined }): string {
  return onBehalfOf === undefined ? '' : ` by the right of ${onBehalfOf}`
}

function wordsOfMaking(step: ChangeStep, { plan }: ChangeState): string {
  const pathOf = (index: number) => plan.effects[index]?.path ?? ''
  switch (step.is) {
    case 'applying':
      return `begun by ${step.holder}`
    case 'effect-begun':
      return `${step.undoing ? 'calling to take back' : 'calling'}: ${pathOf(step.index)}`
    case 'effect-done':
      return `written: ${pathOf(step.index)}${step.already ? ' (it was so already)' : ''}`
    case 'applied':
      return 'all is written'
    case 'observed':
      return `looked again: ${step.sighting.holds ? 'it stands' : 'it does not stand'}`
    case 'undoing':
      return `being taken back: ${step.why}`
    case 'effect-undone':
      return `taken back (${step.how}): ${pathOf(step.index)}`
    case 'closed':
      return `closed, ${step.outcome}${step.detail === '' ? '' : `: ${step.detail}`}`
    default:
      return step.is
  }
}
