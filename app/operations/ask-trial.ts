import type { Subject } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { plain } from '@upkeep/engine/report/paint'
import { consent, keepConsents } from './accept-run.ts'
import type { Context, PersonAtDoor, Prospects } from './context.ts'

/** What would be run to test a change: exactly this line and these bytes. */
interface Run {
  subject: Subject
  plan: RunPlan
  what: 'as it would be' | 'as it is'
}

/**
 * Asks the person at the terminal, before they decide about a change, whether what it starts anew may be run in the sandbox: the old version
 * too, so that the two can be compared. A no is no refusal of the change: it is said then that it was not tested.
 */
export async function askTrial(context: Context, { anew }: Prospects): Promise<void> {
  const { person } = context
  if (person === null || person.answersBySigning) return
  const standing = await (await context.store()).consents.list()
  const runs = anew.flatMap(({ subject, plan, was }): Run[] => [
    ...(plan === null ? [] : [{ subject, plan, what: 'as it would be' as const }]),
    ...(plan === null || was === null ? [] : [{ subject, plan: was, what: 'as it is' as const }]),
  ])
  const open = runs.filter(
    ({ subject, plan }) => plan.bytes !== null && consentFor(standing, subject.id, plan).state !== 'given',
  )
  if (open.length === 0) return
  person.show(`\n${linesOf(open, person).join('\n')}\n`)
  const answer = await person.ask('Run this in the sandbox, to test the change? [yes/no] ')
  if (answer?.toLowerCase() !== 'yes') return
  const at = context.clock.now()
  await keepConsents(
    context,
    open.flatMap((one) => consent(one, context, at)),
    at,
  )
}

/** The servers that a change starts anew and that a person let be run as they would be, by name. */
export async function namesOfRunnable(context: Context, { anew }: Prospects): Promise<ReadonlySet<string>> {
  const standing = await (await context.store()).consents.list()
  return new Set(
    anew.flatMap(({ subject, plan }) =>
      plan !== null && plan.bytes !== null && consentFor(standing, subject.id, plan).state === 'given'
        ? [subject.name]
        : [],
    ),
  )
}

function linesOf(open: readonly Run[], { style }: PersonAtDoor): string[] {
  return [
    'To test it first, this would be run in the sandbox, without network and without secrets of yours:',
    // Several clients that start the very same are one thing to decide about.
    ...new Set(
      open.map(
        ({ subject, plan, what }) =>
          `${plain(style, `  ${subject.name}, ${what}: ${plan.shown}`, 2_000)}\n    bytes ${plan.bytes?.slice(0, 16) ?? ''}`,
      ),
    ),
  ]
}
