import type { Finding } from '@upkeep/contract/finding'
import type { Instant } from '@upkeep/contract/time'

/** So soon that it is asked whether anything else comes first: what is known to be exploited is due in three days. */
const pressingMs = 72 * 3_600_000

/** Whether something is due within three days, or was: whether it can wait for the usual way is for a person to say. */
export function isPressing({ statement }: Pick<Finding, 'statement'>, now: Instant): boolean {
  const due = statement.due?.at ?? null
  return due !== null && Date.parse(due) - Date.parse(now) <= pressingMs
}

/**
 * What is pressing, by the question that it asks: what is wrong with one package is one question, at however many servers it stands. The first of
 * each stands for it, and is the same as long as it is open.
 */
export function pressingQuestions(open: readonly Finding[], now: Instant): Finding[][] {
  const pressing = open
    .filter((one) => isPressing(one, now))
    .toSorted((a, b) => (a.statement.fingerprint < b.statement.fingerprint ? -1 : 1))
  return [...Map.groupBy(pressing, questionOf).values()]
}

function questionOf({ statement: { duty, rule, facts, fingerprint } }: Finding): string {
  const { package: name, ecosystem } = facts
  return typeof name === 'string' ? `${duty} ${rule} ${String(ecosystem)} ${name}` : fingerprint
}
