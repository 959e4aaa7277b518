import type { DocumentGap } from '@upkeep/contract/change-document'
import type { SeenChange } from '@upkeep/contract/observations/changes'
import type { ChangeState } from './change-state.ts'

/** What of a change its documentation is judged by. */
export type Documented = Pick<
  SeenChange,
  'class' | 'risk' | 'title' | 'closes' | 'undoable' | 'rehearsed' | 'phase'
> & {
  /** Why it is made, as anybody said it: when it was asked for or afterwards. */
  readonly reasons: readonly string[]
  readonly tested: boolean
}

/** The test that walks the way back on copies. */
export const rehearsal = 'rollback rehearsed'

const fewestWords = 3

/** Reads what is judged from the steps of a change and what was said of it since. */
export function documentedOf(state: ChangeState, justifications: readonly string[]): Documented {
  return {
    class: state.plan.class,
    risk: state.assessment?.risk ?? null,
    title: state.plan.title,
    closes: state.plan.closes.length,
    undoable: state.plan.irreversible.length === 0,
    rehearsed: state.tests?.find(({ name }) => name === rehearsal)?.outcome ?? null,
    phase: state.phase,
    reasons: [...(state.reason === null ? [] : [state.reason]), ...justifications],
    tested: state.tests !== null,
  }
}

/**
 * What the document of a change lacks. Up to medium risk the findings that it closes are reason enough, of low risk the kept bytes way back enough; else it
 * takes a sentence, and a way back that was walked, or the word that there is none.
 */
export function gapsOf(change: Documented): DocumentGap[] {
  const gaps: DocumentGap[] = []
  const light = change.risk === 'low'
  if (change.risk === null) gaps.push({ field: 'assessment', why: 'what it means was not worked out' })
  if (!change.tested) gaps.push({ field: 'tests', why: 'it was not tested to the end' })
  // What a finding says of itself is a sentence; a word of one's own in its place is held to be one as well.
  const saysFinding = change.closes > 0 && (light || (change.risk === 'medium' && change.reasons.length === 0))
  if (!saysFinding && !change.reasons.some((reason) => isSentence(reason, change.title)))
    gaps.push({ field: 'rationale', why: 'why it is made is not said in a sentence' })
  if (!light && change.undoable && change.rehearsed !== 'passed')
    gaps.push({ field: 'rollback', why: `its way back was not walked (${rehearsedWords(change.rehearsed)})` })
  if (change.phase === 'applied' || change.phase === 'undone')
    gaps.push({ field: 'result', why: 'it is made, and nobody has seen it in force' })
  return gaps
}

/**
 * Why a change may not be made yet for want of its document; null when it may. What is of low risk is never held by it, and an emergency is
 * written down afterwards.
 */
export function heldByDocument(state: ChangeState, justifications: readonly string[]): string | null {
  const change = documentedOf(state, justifications)
  if (change.risk === null || change.risk === 'low' || change.class === 'emergency') return null
  const [gap] = gapsOf(change).filter(({ field }) => field === 'rationale' || field === 'rollback')
  if (gap === undefined) return null
  const how = gap.field === 'rationale' ? `: upkeep changes --justify ${state.id} --reason "…"` : ''
  return `its document is not complete: ${gap.why}${how}`
}

const segmenter = new Intl.Segmenter('en', { granularity: 'word' })

/** More than a word, and more than the title again; also in a script that puts no blanks between words. */
export function isSentence(text: string, title: string): boolean {
  const words = new Set<string>()
  for (const { segment, isWordLike } of segmenter.segment(text.toLowerCase()))
    if (isWordLike === true && !/^[a-z0-9]$/.test(segment)) words.add(segment)
  return words.size >= fewestWords && text.trim().toLowerCase() !== title.trim().toLowerCase()
}

function rehearsedWords(outcome: Documented['rehearsed']): string {
  if (outcome === null) return 'no rehearsal was made'
  return outcome === 'failed' ? 'the rehearsal failed' : 'the rehearsal was not run'
}
