import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { look, type TrialHands } from '../patch/try-plan.ts'
import { boundServers } from './bound-servers.ts'

/** Whether any client still names an integration that was cut off, looked at anew. */
export async function stillNamed(hands: TrialHands, { plan, phase }: ChangeState): Promise<string[]> {
  const cut = new Set(plan.inputs.flatMap((input) => (input.kind === 'cut-off-integration' ? [input.integration] : [])))
  if (cut.size === 0 || phase === 'undone') return []
  const seen = await look(hands, hands.places, hands.ports, ['client-config', 'declared-server', 'integrations'])
  return [...cut].flatMap((integration) => {
    const left = boundServers(seen, integration).map(({ declared }) => `${declared.name} in ${declared.path}`)
    if (left.length === 0) return [`no client's file that can be read names ${integration} any more`]
    return left.map((where) => `${integration} is still named: ${where}`)
  })
}
