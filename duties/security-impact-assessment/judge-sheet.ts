import type { FindingDraft } from '@upkeep/contract'
import type { SeenChange, SeenSheet } from '@upkeep/contract/observations/changes'
import { wasBegun } from '@upkeep/domain/changes/over-changes'
import type { Rules } from './rules.ts'

type Drafts = FindingDraft<Rules>[]
type KeptSheet = Extract<SeenSheet, { state: 'kept' }>

/** Whether a change went as far as the word of a person, or past it. */
export function isDecided(change: SeenChange): boolean {
  const isReal = change.emergency?.rehearsal !== true
  return isReal && (wasBegun(change) || approving(change).length > 0)
}

/** What is wrong with how the impact of one change was assessed. */
export function judgeSheet(change: SeenChange, alone: boolean): Drafts {
  const { sheet } = change
  if (sheet === undefined) return without(change)
  if (sheet.state === 'lost') return lost(change, sheet.why)
  return [
    ...ofAnother(change, sheet),
    ...early(change),
    ...untested(change, sheet),
    ...tooFew(change, sheet, alone),
    ...passedOver(change, sheet),
    ...harmless(change, sheet),
  ]
}

/** Who approved this plan and had not taken it back when it was begun. */
function approving({ approvals, applyingAt }: SeenChange) {
  return approvals.filter(
    ({ decision, ofThisPlan, endedAt }) =>
      decision === 'approved' && ofThisPlan && (endedAt === null || (applyingAt !== null && endedAt > applyingAt)),
  )
}

/** What is of low risk, whole and by one file at most, has nothing to be drawn. */
function without({ id, title, risk, undoable, effects }: SeenChange): Drafts {
  if (risk === 'low' && undoable && effects <= 1) return []
  return [
    {
      rule: 'no-sheet',
      facts: { change: id, title, risk },
      summary: `"${title}" was let through as of ${risk ?? 'no'} risk, and what it means was drawn in no impact sheet`,
      action: `Look at what it changed: upkeep changes ${id} --document`,
    },
  ]
}

function lost({ id, title }: SeenChange, why: string): Drafts {
  return [
    {
      rule: 'sheet-lost',
      facts: { change: id, title, why },
      summary: `the impact sheet that "${title}" was approved by cannot be read: ${why}`,
      action: 'Find out what became of it: upkeep verify',
    },
  ]
}

function ofAnother({ id, title, digest }: SeenChange, { plan }: KeptSheet): Drafts {
  if (plan === digest) return []
  return [
    {
      rule: 'sheet-of-another-plan',
      facts: { change: id, title, plan: digest, sheet: plan },
      summary: `"${title}": the impact sheet is of the plan ${plan.slice(0, 12)}, and what was approved is ${digest.slice(0, 12)}`,
      action: `Review it, or take it back: upkeep undo ${id}`,
    },
  ]
}

function early(change: SeenChange): Drafts {
  const { id, title, assessedAt = null } = change
  const people = approving(change)
    .filter(({ at }) => assessedAt === null || at < assessedAt)
    .map(({ person }) => person)
  if (people.length === 0) return []
  return [
    {
      rule: 'approved-before-assessed',
      facts: { change: id, title, people, assessedAt },
      summary: `${people.join(', ')} approved "${title}" before its impact sheet was there`,
      action: `Have it looked at again with the sheet at hand: upkeep changes ${id}`,
    },
  ]
}

/** That a test could not be run is said before it is approved; one that failed, or was left out, holds a change. */
function untested(change: SeenChange, { tests: asked }: KeptSheet): Drafts {
  if (!wasBegun(change)) return []
  const { id, title, tests, testsPassed = [] } = change
  const failed = asked.filter((name) => tests?.failed.includes(name) === true)
  const known = new Set([...testsPassed, ...(tests?.failed ?? []), ...(tests?.notRun ?? [])])
  const missing = asked.filter((name) => !known.has(name))
  if (failed.length + missing.length === 0) return []
  const what = [
    ...(failed.length > 0 ? [`${failed.join(', ')} failed`] : []),
    ...(missing.length > 0 ? [`${missing.join(', ')} was not made`] : []),
  ]
  return [
    {
      rule: 'required-test-missing',
      facts: { change: id, title, failed, missing },
      summary: `"${title}" was made, and of the tests that its impact sheet asks for ${what.join('; ')}`,
      action: `Try what it put in force (upkeep prove), or take it back: upkeep undo ${id}`,
    },
  ]
}

/** An emergency takes fewer people by its own policy, and a review afterwards; what a person let through beforehand takes none. */
function tooFew(change: SeenChange, { approvals, risk }: KeptSheet, alone: boolean): Drafts {
  const { id, title, asked, applyingAt } = change
  if (applyingAt === null || change.class === 'emergency' || (asked.approvals === 0 && risk === 'low')) return []
  const wanted = alone ? 1 : approvals
  // A right counts once, in whosever hands it was.
  const inTime = approving(change).filter(({ at }) => at <= applyingAt)
  const people = new Set(inTime.map(({ person, onBehalfOf }) => onBehalfOf ?? person))
  if (people.size >= wanted) return []
  return [
    {
      rule: 'fewer-approvals-than-assessed',
      facts: { change: id, title, asked: wanted, approved: people.size, policy: asked.policy },
      summary: `"${title}" was approved by ${people.size}, and its impact sheet asks for ${wanted} (policy "${asked.policy}")`,
      action: `Have it reviewed by another person: upkeep changes ${id} --document`,
    },
  ]
}

function passedOver({ id, title }: SeenChange, { unknown, saysUnknown }: KeptSheet): Drafts {
  if (unknown.length === 0 || saysUnknown) return []
  return [
    {
      rule: 'unknown-passed-over',
      facts: { change: id, title, unknown: [...unknown] },
      summary: `"${title}": ${unknown.length} parts of the impact are not known, and its words for whoever decides do not say so`,
      action: `Read what is not known: upkeep changes ${id}`,
    },
  ]
}

/** A model acts on what it reads: other words in a description are another tool. */
function harmless({ id, title }: SeenChange, { texts, controls, tests }: KeptSheet): Drafts {
  if (texts === 0 || (controls.includes('approved tools') && tests.some((name) => name.endsWith(': surface'))))
    return []
  return [
    {
      rule: 'texts-called-harmless',
      facts: { change: id, title, texts },
      summary: `"${title}" changes ${texts} texts that a model reads, and its impact sheet names no guard and no test for them`,
      action: 'Read the new texts before a model does: upkeep surface <server>',
    },
  ]
}
