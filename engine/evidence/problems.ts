/** What can be wrong with evidence. Permanent words: tests, exit codes and scripts rest on them. */
export type ProblemKind =
  | 'record-changed'
  | 'record-moved'
  | 'record-missing'
  | 'record-unsealed'
  | 'order-changed'
  | 'leaf-missing'
  | 'column-differs'
  | 'object-changed'
  | 'object-missing'
  | 'key-invalid'
  | 'checkpoint-invalid'
  | 'root-differs'
  | 'tail-removed'
  | 'tail-unsigned'
  | 'earlier-differs'
  | 'unreadable'

/** One thing that does not verify: which leaf and record it is about, where one can be named. */
export interface EvidenceProblem {
  readonly what: ProblemKind
  readonly index: number | null
  readonly record: { readonly type: string; readonly id: string } | null
  readonly detail: string
}

const kept = 1_000

/** Problems as they are found. Only the first thousand are kept; `count` counts all. */
export interface ProblemLog {
  readonly list: EvidenceProblem[]
  count: number
}

export function newProblemLog(): ProblemLog {
  return { list: [], count: 0 }
}

/** Notes a problem. */
export function report(
  log: ProblemLog,
  what: ProblemKind,
  detail: string,
  where: Partial<Pick<EvidenceProblem, 'index' | 'record'>> = {},
): void {
  log.count += 1
  if (log.list.length < kept) log.list.push({ what, index: where.index ?? null, record: where.record ?? null, detail })
}
