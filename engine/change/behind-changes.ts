import { UserError } from '@upkeep/contract/errors'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import type { SeenChange, SeenSheet } from '@upkeep/contract/observations/changes'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { byFingerprint, closingOf, type KnownFindings } from '@upkeep/domain/changes/due-patches'
import { seenSheet } from '@upkeep/domain/changes/seen-sheet'
import type { Store } from '../store/store.ts'
import { keptFile } from './file-effect.ts'
import type { KeptBytes } from './kept-bytes.ts'

/** So much of what was kept is read in one look: 64 MiB, the newest changes first. */
const readAtMost = 64 << 20

/** What lies behind the records of changes: their sheets, the bytes to put back, and what became of the findings that they should close. */
export async function behindChanges(
  store: Store,
  states: readonly ChangeState[],
  { kept, known }: { kept: KeptBytes | null; known: KnownFindings },
): Promise<Map<string, Pick<SeenChange, 'sheet' | 'kept' | 'closing'>>> {
  const findings = byFingerprint(known.findings)
  const readable = kept === null ? null : keptOf(states, kept)
  const behind = new Map<string, Pick<SeenChange, 'sheet' | 'kept' | 'closing'>>()
  for (const state of states) {
    const sheet = await sheetBehind(store, state)
    const bytes = readable?.get(state.id)
    behind.set(state.id, {
      ...(sheet === null ? {} : { sheet }),
      ...(bytes === undefined ? {} : { kept: bytes }),
      closing: closingOf(state, findings, known.accepted),
    })
  }
  return behind
}

async function sheetBehind(store: Store, { assessment }: ChangeState): Promise<SeenSheet | null> {
  const digest = assessment?.sheet ?? null
  if (digest === null) return null
  try {
    const text = await store.objects.get(digest)
    if (text === null) return { state: 'lost', why: 'it is not in the store' }
    const sheet = ImpactSheet.safeParse(JSON.parse(text))
    return sheet.success ? seenSheet(sheet.data) : { state: 'lost', why: 'what is stored is no impact sheet' }
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError)
      return { state: 'lost', why: 'what is stored is not what was sealed' }
    throw error
  }
}

type Kept = NonNullable<SeenChange['kept']>

/** Of changes that stand, or are in the middle: those that were taken back or never begun have nothing to put back. */
function keptOf(states: readonly ChangeState[], kept: KeptBytes): Map<string, Kept> {
  const found = new Map<string, Kept>()
  let left = readAtMost
  const newestFirst = states.filter(hasWayBack).toSorted((a, b) => (a.proposedAt > b.proposedAt ? -1 : 1))
  for (const state of newestFirst) {
    const size = state.plan.effects.reduce((sum, { before }) => sum + (before.state === 'file' ? before.size : 0), 0)
    left -= size
    found.set(state.id, left < 0 ? 'not-looked' : isReadable(state, kept) ? 'readable' : 'lost')
  }
  return found
}

function hasWayBack({ phase, done, emergency }: ChangeState): boolean {
  return phase !== 'proposed' && done.size > 0 && emergency?.rehearsal !== true
}

/** Read and held against the plan, file by file: what lies there unread proves nothing. */
function isReadable({ id, plan, done }: ChangeState, kept: KeptBytes): boolean {
  try {
    for (const index of done) {
      const effect = plan.effects[index]
      // A branch is taken back by its name alone.
      if (effect?.kind === 'file') keptFile({ kept }, id, `${index}-before`, effect.before)
      // An entry is bound to its change and place by the seal that it was kept under.
      else if (effect?.before.state === 'entry' && kept.read(id, `${index}-before`) === null) return false
    }
    return true
  } catch (error) {
    if (error instanceof UserError) return false
    throw error
  }
}
