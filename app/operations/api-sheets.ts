import type { Observation, Seen, Subject } from '@upkeep/contract'
import { type SheetLine, sheetOf } from '@upkeep/domain/api-security/judge-requirements'
import { about, indexObservations, ofKind } from '@upkeep/engine/kernel/observation-index'

/** The sheet of one server as it follows from what one run saw. */
export interface ServerSheet {
  subject: Subject
  url: string | null
  lines: SheetLine[]
  metadata: Seen<'api-metadata'>
}

const notLooked = {
  state: 'unavailable',
  code: 'not-configured',
  reason: 'it was not looked at in that run',
} as const

/** All sheets of a run. They are drawn again from what is stored, as the duty drew them: there is no second record that could differ. */
export function sheetsIn(observations: readonly Observation[]): {
  requirements: Extract<Seen<'requirement-set'>, { state: 'seen' }>['facts'] | null
  sheets: ServerSheet[]
} {
  const index = indexObservations(observations)
  const [set] = ofKind(index, 'requirement-set')
  if (set?.state !== 'seen') return { requirements: null, sheets: [] }
  const { requirements } = set.facts
  const sheets = ofKind(index, 'declared-server').flatMap((one): ServerSheet[] => {
    if (one.state !== 'seen' || one.facts.transport === 'stdio') return []
    const { subject } = one
    const metadata = about(index, 'api-metadata', subject.id) ?? notLooked
    const lines = sheetOf(requirements, {
      endpoint: about(index, 'endpoint', subject.id) ?? notLooked,
      probes: about(index, 'control-probes', subject.id) ?? notLooked,
      metadata,
      surface: about(index, 'tool-surface', subject.id) ?? notLooked,
    })
    return [{ subject, url: one.facts.url, lines, metadata }]
  })
  return { requirements: set.facts, sheets }
}
