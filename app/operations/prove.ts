import { UserError } from '@upkeep/contract'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import type { Context } from './context.ts'
import { type Answer, defineOperation } from './operation.ts'
import { proofText } from './proof-text.ts'
import { ProveOutput } from './prove-output.ts'
import { type Runnable, runnableNamed } from './servers-named.ts'

/** Tries known attacks on a server's own bytes, in the sandbox. */
export const prove = defineOperation({
  id: 'prove',
  summary: "try known attacks on a server's own bytes, harmlessly, in the sandbox",
  effect: 'write',
  role: 'operator',
  input: z.strictObject({
    servers: z.array(z.string()).default([]).describe('Servers by name or id, each let be run with "accept --run"'),
    all: z.boolean().default(false).describe('Every server that may be run'),
    controls: z.boolean().default(false).describe('Attack its controls as well: some twenty attacks more'),
    transcript: z.boolean().default(false).describe('Show what was sent and what came back'),
  }),
  output: ProveOutput,
  cli: {
    verb: 'prove',
    positionals: ['servers'],
    listed: 'front',
    examples: [
      { command: 'upkeep prove fs', says: 'ESCAPED or BLOCKED, once "upkeep accept fs --run" let it be run' },
      { command: 'upkeep prove fs --transcript', says: 'with what was sent and what came back' },
      { command: 'upkeep prove fs --controls', says: 'attack its controls too: what is prevented, what gets through' },
      { command: 'upkeep prove --all', says: 'every server that may be run' },
    ],
  },
  async run(context, { servers, all, controls, transcript }) {
    const chosen = await chosenServers(context, servers, all)
    const outcome = await context.acts.scan({
      what: provingDuties(context, controls),
      homes: [],
      probe: false,
      online: false,
      prove: chosen.map(({ subject }) => subject.id),
      proveControls: controls,
    })
    const output = { round: outcome.round, servers: await provenOf(context, chosen, controls) }
    const found = outcomeOf(output)
    return {
      output,
      text: (style) => proofText(output, transcript, style),
      ...(found === undefined ? {} : { outcome: found }),
    }
  },
})

/** Those that are named have to be let be run; with `--all` those that are not are simply left alone. */
async function chosenServers(context: Context, words: readonly string[], all: boolean): Promise<Runnable[]> {
  if (words.length === 0 && !all)
    throw new UserError('bad-input', 'No server is named.', 'Name one, or all that may be run with --all.')
  const plans = await context.acts.runPlans()
  const consents = await (await context.store()).consents.list()
  const mayRun = ({ subject, plan }: Runnable) => consentFor(consents, subject.id, plan)
  if (words.length === 0) {
    const runnable = plans.flatMap((one) => (one.state === 'seen' ? [{ subject: one.subject, plan: one.facts }] : []))
    const given = runnable.filter((one) => mayRun(one).state === 'given')
    if (given.length > 0) return given
    throw new UserError('not-consented', 'No server may be run yet.', 'Let one be run: "upkeep accept <server> --run".')
  }
  const named = words.flatMap((word) => runnableNamed(word, all, plans))
  for (const one of named) {
    const consent = mayRun(one)
    if (consent.state === 'not-given')
      throw new UserError(
        'not-consented',
        `"${one.subject.name}" may not be run: ${consent.reason}.`,
        `It would start: ${one.plan.shown}. If that is right: "upkeep accept ${one.subject.name} --run".`,
      )
  }
  return named
}

/** Whatever rests on running servers and is adopted; without any, what tells which attacks work. */
/** The adopted ones; where controls are attacked also the one that reviews them, adopted or not. */
function provingDuties({ duties }: Context, controls: boolean): string[] {
  const probing = duties.filter(({ sees }) => sees.includes('server-probes'))
  const running = duties.filter(({ sees, adopted }) =>
    adopted
      ? sees.includes('server-probes') || sees.includes('server-tests')
      : controls && sees.includes('server-probes') && !sees.includes('server-tests'),
  )
  return (running.length > 0 ? running : probing).map(({ id }) => id)
}

async function provenOf(
  context: Context,
  chosen: readonly Runnable[],
  controls: boolean,
): Promise<ProveOutput['servers']> {
  const store = await context.store()
  const proving = provingDuties(context, controls)
  const duty = context.duties.find(({ id, sees }) => proving.includes(id) && sees.includes('server-probes'))?.id
  const run = duty === undefined ? null : await store.runs.latestCompleted(duty)
  const seen = run === null ? [] : await observationsOf(store, run, ['server-probes'])
  return chosen.map(({ subject }) => {
    const proof = seen.find((one) => isOfKind(one, 'server-probes') && one.subject.id === subject.id)
    if (proof === undefined || !isOfKind(proof, 'server-probes'))
      return { subject, proven: null, reason: 'nothing was recorded' }
    return proof.state === 'seen'
      ? { subject, proven: proof.facts, reason: '' }
      : { subject, proven: null, reason: proof.reason }
  })
}

function outcomeOf({ servers }: ProveOutput): Answer<unknown>['outcome'] {
  const results = servers.flatMap(({ proven }) => proven?.results ?? [])
  if (results.some(({ outcome }) => outcome === 'broken')) return 'findings'
  const open = servers.some(({ proven }) => proven === null || proven.results.length === 0)
  return open || results.some(({ outcome }) => outcome === 'inconclusive') ? 'not-evaluated' : undefined
}
