import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import type { SeenSheet } from '@upkeep/contract/observations/changes'
import { notKnownWords } from './impact/in-words.ts'
import { textKinds } from './impact/risk-of.ts'

const most = { tests: 100, controls: 50, unknown: 20, text: 300 }

/** An impact sheet as duties read it, cut to a bounded length. */
export function seenSheet(sheet: ImpactSheet): SeenSheet {
  const surfaces = sheet.servers.flatMap(({ surface }) => (surface.state === 'compared' ? surface.changes : []))
  return {
    state: 'kept',
    plan: sheet.plan,
    risk: sheet.risk,
    approvals: sheet.approvals,
    tests: sheet.tests.slice(0, most.tests),
    controls: sheet.controls.slice(0, most.controls),
    unknown: sheet.unknown.slice(0, most.unknown).map((line) => line.slice(0, most.text)),
    saysUnknown: sheet.inWords.includes(notKnownWords),
    texts: surfaces.filter(({ kind }) => textKinds.includes(kind)).length,
  }
}
