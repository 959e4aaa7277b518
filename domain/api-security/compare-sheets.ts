import type { SheetLine } from './judge-requirements.ts'

type Outcome = SheetLine['outcome']

/** One requirement whose outcome is another than it was. `from`: null where it was not asked for. */
export interface SheetChange {
  requirement: string
  level: 'MUST' | 'SHOULD'
  from: Outcome | null
  to: Outcome | null
  /** A requirement that was met and is not, or no longer known to be. */
  regression: boolean
  detail: string
}

/** What is otherwise on the later of two sheets of one server. */
export function compareSheets(before: readonly SheetLine[], now: readonly SheetLine[]): SheetChange[] {
  const was = new Map(before.map((line) => [line.requirement.id, line]))
  const is = new Map(now.map((line) => [line.requirement.id, line]))
  const changed = now.flatMap((line) => changeOf(was.get(line.requirement.id) ?? null, line))
  const gone = before.filter(({ requirement }) => !is.has(requirement.id)).flatMap((line) => changeOf(line, null))
  return [...changed, ...gone]
}

function changeOf(before: SheetLine | null, now: SheetLine | null): SheetChange[] {
  const line = now ?? before
  if (line === null || before?.outcome === now?.outcome) return []
  const { id, level } = line.requirement
  const [from, to] = [before?.outcome ?? null, now?.outcome ?? null]
  const regression = from === 'met' && (to === 'not-met' || to === 'undetermined')
  return [{ requirement: id, level, from, to, regression, detail: now?.detail ?? 'it is no longer asked for' }]
}
