import { UserError } from '@upkeep/contract'
import { ImpactSheet } from '@upkeep/contract/impact-sheet'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { pullRequestText } from '@upkeep/engine/report/pull-request'
import { documentNamed } from './change-documents.ts'
import { changeNamed } from './change-flow.ts'
import type { Context } from './context.ts'
import { exportAnswer } from './export-document.ts'

/** The text of the pull request for a change that made a branch; null where it made none. */
export async function pullRequestOf(context: Context, state: ChangeState): Promise<string | null> {
  if (state.plan.branch === undefined) return null
  const document = await documentNamed(context, state.id)
  if (document.of !== 'managed') return null
  const { sheet } = document.impact
  return pullRequestText(document, sheet === null ? null : ImpactSheet.parse(sheet))
}

/** The text alone, shown or written to a file. */
export async function pullRequestAnswer(context: Context, word: string, out: string | undefined) {
  const state = await changeNamed(await context.acts.changes(), word)
  const text = await pullRequestOf(context, state)
  if (text === null)
    throw new UserError(
      'bad-input',
      `Change ${state.id} made no branch.`,
      'One that makes a branch: "upkeep fix <server> --branch".',
    )
  const answer = await exportAnswer(context, { format: 'md', text, out, stamps: [] })
  return { ...answer, output: { changes: [], documents: [], sheet: null } }
}

/** What there is to do with a branch, and the text that goes with it. */
export function branchText({ plan }: ChangeState, text: string, style: TerminalStyle): string {
  const pushes = plan.effects.flatMap((effect) =>
    effect.kind === 'git-ref' ? [`git -C ${effect.top} push -u origin ${effect.ref.replace('refs/heads/', '')}`] : [],
  )
  const lines = [
    'Nothing is pushed. To open a pull request:',
    ...pushes.map((line) => `  ${line}`),
    '',
    'Its text:',
    '',
  ]
  return `${lines.map((line) => plain(style, line, 2_000)).join('\n')}\n${text}`
}
