import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { contingencyMarkdown, declaredAmong } from '@upkeep/domain/changes/contingency'
import { calibrationOf, riskOf } from '@upkeep/domain/changes/risk'
import { plain, type TerminalStyle } from '@upkeep/engine/report/paint'
import { dueOf, knownChanges } from '../calendar-grounds.ts'
import type { Context } from './context.ts'
import { requireStore } from './draw-report.ts'

/** The risk of a change as its own history says, what waiting costs, and what to do when it goes wrong. */
export async function riskText(context: Context, state: ChangeState): Promise<(style: TerminalStyle) => string> {
  const store = await requireStore(context)
  const all = await knownChanges(store)
  const at = await dueOf(store, state.plan.closes)
  const risk = riskOf(state, all, at === null ? null : { at, now: context.clock.now() })
  const measured = calibrationOf(all)
  const lines = [
    ...risk.why.map((line) => `risk              ${line}`),
    ...risk.deferred.map(
      ({ days, overdueDays }) =>
        `put off ${String(days).padEnd(10)}${days === 1 ? 'day' : 'days'}: ${overdueDays === 0 ? 'not past its due date' : `${overdueDays} days past its due date`}`,
    ),
    ...risk.lower.map((line) => `lower by          ${line}`),
    ...(measured === null
      ? []
      : [
          `estimates so far  ${measured.expected.toFixed(1)} of ${measured.changes} changes were expected to fail, ${measured.failed} did (Brier ${measured.brier.toFixed(2)})`,
        ]),
  ]
  const declared = declaredAmong(await context.acts.look(['declared-server', 'client-config']))
  const planned = contingencyMarkdown(state, { people: context.people, declared }).split('\n')
  return (style) => `${[...lines, '', ...planned].map((line) => plain(style, line, 600)).join('\n')}\n`
}
