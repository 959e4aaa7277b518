import type { ChangePlan } from '@upkeep/contract/change-plan'
import type { Machine, Prospects } from '../operations/context.ts'
import { fetchCandidate } from './fetch-candidate.ts'
import type { VersionStep } from './prospect.ts'
import { foresee, type TrialHands } from './try-plan.ts'

/** What a plan would start anew. Fetches what it names by version where it may ask the registry; starts nothing. */
export async function prospectsOf(
  hands: TrialHands & { machine: Machine },
  plan: Pick<ChangePlan, 'inputs' | 'branch'>,
  online: boolean,
): Promise<Prospects> {
  const first = await foresee(hands, plan)
  const wanted = first.steps.filter(({ ofNpm, candidate }) => ofNpm && candidate === null)
  if (!online || wanted.length === 0) return { inputs: withBytes(plan.inputs, first.steps), anew: first.anew }
  for (const { input } of wanted) await fetchCandidate(input.package, input.to, hands)
  const { steps, anew } = await foresee(hands, plan)
  return { inputs: withBytes(plan.inputs, steps), anew }
}

/** The plan names the bytes: with others it is another plan, and what was approved is void. */
function withBytes(inputs: ChangePlan['inputs'], steps: readonly VersionStep[]): ChangePlan['inputs'] {
  return inputs.map((input) => {
    const integrity = steps.find((step) => step.input === input)?.candidate?.integrity
    return input.kind === 'set-server-version' && integrity !== undefined ? { ...input, integrity } : input
  })
}
