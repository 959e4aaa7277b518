import { type Subject, UserError } from '@upkeep/contract'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { shellWord } from '@upkeep/domain/shell-word'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import type { Context } from './context.ts'
import { type Runnable, runnableNamed } from './servers-named.ts'

/** A server to prove: in the sandbox, where something of it could be started; else at its endpoint alone. */
export interface Chosen {
  subject: Subject
  plan: RunPlan | null
}

/** Those that are named have to be let be run; with `--all` those that are not are simply left alone. */
export async function chosenServers(
  context: Context,
  { servers: words, all, controls }: { servers: readonly string[]; all: boolean; controls: boolean },
): Promise<Chosen[]> {
  if (words.length === 0 && !all)
    throw new UserError('bad-input', 'No server is named.', 'Name one, or all that may be run with --all.')
  const plans = await context.acts.runPlans()
  const consents = await (await context.store()).consents.list()
  const mayRun = ({ subject, plan }: Runnable) => consentFor(consents, subject.id, plan)
  if (words.length === 0) {
    const runnable = plans.flatMap((one) => (one.state === 'seen' ? [{ subject: one.subject, plan: one.facts }] : []))
    const given = runnable.filter((one) => mayRun(one).state === 'given')
    const listed = controls ? await listedServers(context, plans) : []
    if (given.length + listed.length > 0) return [...given, ...listed]
    throw new UserError('not-consented', 'No server may be run yet.', 'Let one be run: "upkeep accept <server> --run".')
  }
  const listed = controls ? await listedServers(context, plans) : []
  const isNamed = ({ subject }: Chosen, word: string) => subject.name === word || subject.id === word
  const endpoints = listed.filter((one) => words.some((word) => isNamed(one, word)))
  const others = words.filter((word) => !endpoints.some((one) => isNamed(one, word)))
  const named = others.flatMap((word) => runnableNamed(word, all, plans))
  for (const one of named) {
    const consent = mayRun(one)
    if (consent.state === 'not-given')
      throw new UserError(
        'not-consented',
        `"${one.subject.name}" may not be run: ${consent.reason}.`,
        `It would start: ${one.plan.shown}. If that is right: "upkeep accept ${shellWord(one.subject.name)} --run".`,
      )
  }
  return [...named, ...endpoints]
}

/** Servers behind a URL that their owner listed: nothing of them can be started, and their endpoint may be attacked. */
async function listedServers(
  context: Context,
  plans: Awaited<ReturnType<Context['acts']['runPlans']>>,
): Promise<Chosen[]> {
  if (context.upkeepFile.probe.length === 0) return []
  const absent = new Set(plans.flatMap((one) => (one.state === 'absent' ? [one.subject.id] : [])))
  const seen = await context.acts.look(['declared-server'])
  return seen.flatMap((one) =>
    isOfKind(one, 'declared-server') && one.state === 'seen' && one.facts.url !== null && absent.has(one.subject.id)
      ? [{ subject: one.subject, plan: null }]
      : [],
  )
}
