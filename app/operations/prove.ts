import { isOfKind } from '@upkeep/engine/kernel/observation-index'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import { z } from 'zod'
import { type Chosen, chosenServers } from './chosen-servers.ts'
import type { Context } from './context.ts'
import { type Answer, defineOperation } from './operation.ts'
import { proofText } from './proof-text.ts'
import { ProveOutput } from './prove-output.ts'

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
    recorded: z.boolean().default(false).describe('Show what was found last time; nothing is started'),
  }),
  output: ProveOutput,
  cli: {
    verb: 'prove',
    positionals: ['servers'],
    listed: 'front',
    examples: [
      { command: 'upkeep prove fs', says: 'ESCAPED or BLOCKED, once "upkeep accept fs --run" let it be run' },
      { command: 'upkeep prove fs --transcript', says: 'with what was sent and what came back' },
      {
        command: 'upkeep prove fs --transcript --recorded',
        says: 'the same of the last time, without running it again',
      },
      { command: 'upkeep prove fs --controls', says: 'attack its controls too: what is prevented, what gets through' },
      { command: 'upkeep prove api --controls', says: 'a listed endpoint: attacks over HTTP that call no tool' },
      { command: 'upkeep prove --all', says: 'every server that may be run' },
    ],
  },
  async run(context, { servers, all, controls, transcript, recorded }) {
    const chosen = await chosenServers(context, { servers, all, controls })
    const { round } = recorded ? { round: null } : await proveNow(context, chosen, controls)
    const output = { round, servers: await provenOf(context, chosen, controls) }
    const found = outcomeOf(output)
    return {
      output,
      text: (style) => proofText(output, transcript, style),
      ...(found === undefined ? {} : { outcome: found }),
    }
  },
})

function proveNow(context: Context, chosen: readonly Chosen[], proveControls: boolean) {
  return context.acts.scan({
    what: provingDuties(context, proveControls),
    homes: [],
    probe: false,
    online: false,
    prove: chosen.map(({ subject }) => subject.id),
    proveControls,
  })
}

/**
 * The adopted ones, with those that hold what is listed meanwhile against what a person approved; where controls are attacked also the one that
 * reviews them, adopted or not.
 */
function provingDuties({ duties }: Context, controls: boolean): string[] {
  const probing = duties.filter(({ sees }) => sees.includes('server-probes'))
  const running = duties.filter(({ sees, adopted }) =>
    adopted
      ? sees.includes('server-probes') || sees.includes('server-tests') || comparesSurfaces(sees)
      : controls && sees.includes('server-probes') && !sees.includes('server-tests'),
  )
  return (running.length > 0 ? running : probing).map(({ id }) => id)
}

function comparesSurfaces(sees: Context['duties'][number]['sees']): boolean {
  return sees.includes('approved-server') && sees.includes('tool-surface')
}

async function provenOf(
  context: Context,
  chosen: readonly Chosen[],
  controls: boolean,
): Promise<ProveOutput['servers']> {
  const store = await context.store()
  const proving = provingDuties(context, controls)
  const kind = controls ? 'endpoint-attacks' : 'server-probes'
  const duty = context.duties.find(({ id, sees }) => proving.includes(id) && sees.includes(kind))?.id
  const run = duty === undefined ? null : await store.runs.latestCompleted(duty)
  const seen = run === null ? [] : await observationsOf(store, run, ['server-probes', 'endpoint-attacks'])
  return chosen.map(({ subject }) => {
    const own = seen.filter((one) => one.subject.id === subject.id)
    const proof = own.find((one) => isOfKind(one, 'server-probes'))
    const attacked = own.find((one) => isOfKind(one, 'endpoint-attacks'))
    const endpoint = attacked?.state === 'seen' && controls ? attacked.facts : null
    if (proof?.state === 'seen') return { subject, proven: proof.facts, endpoint, reason: '' }
    const open = attacked !== undefined && attacked.state !== 'absent' ? attacked : proof
    return {
      subject,
      proven: null,
      endpoint,
      reason: open === undefined || open.state === 'seen' ? 'nothing was recorded' : open.reason,
    }
  })
}

function outcomeOf({ servers }: ProveOutput): Answer<unknown>['outcome'] {
  const results = servers.flatMap(({ proven, endpoint }) => [...(proven?.results ?? []), ...(endpoint?.results ?? [])])
  if (results.some(({ outcome }) => outcome === 'broken')) return 'findings'
  const open = servers.some(({ proven, endpoint }) => (proven?.results.length ?? endpoint?.results.length ?? 0) === 0)
  return open || results.some(({ outcome }) => outcome === 'inconclusive') ? 'not-evaluated' : undefined
}
