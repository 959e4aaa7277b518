import type { Subject } from '@upkeep/contract'
import {
  type ContractAnswer,
  type ContractReason,
  judgeContract,
  worstAnswer,
} from '@upkeep/domain/maintenance/judge-contract'
import { serverUri } from '@upkeep/domain/maintenance/server-uri'
import { readFleetParts, type ServerParts } from '@upkeep/engine/report/fleet-parts'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from '../operations/context.ts'
import { type Consumed, consumedContracts } from './consumed.ts'

/** A contract that counts here, with the servers that it is about and what it says now of the worst of their versions. */
export interface ContractHere {
  readonly contract: Consumed
  readonly servers: readonly { subject: Subject; answer: ContractAnswer; reasons: readonly ContractReason[] }[]
  readonly answer: ContractAnswer
  readonly reasons: readonly ContractReason[]
}

/** The contracts that were taken and whose keys count, held against the servers under care. Reads what is stored, asks nobody. */
export async function contractsHere(
  { clock, duties }: Pick<Context, 'clock' | 'duties'>,
  store: Store,
): Promise<ContractHere[]> {
  const now = clock.now()
  const contracts = await consumedContracts(store, now)
  if (contracts.length === 0) return []
  const { servers } = await readFleetParts(store, duties)
  return contracts.map((contract) => {
    const own = servers
      .filter(({ declared }) => declared !== null && serverUri(declared) === contract.uri)
      .map((one) => ({ subject: one.subject, ...judgeContract(contract.statement, now, versionOf(one)) }))
    const alone = judgeContract(contract.statement, now, null)
    const all = own.length === 0 ? [alone] : own
    const reasons = new Map(all.flatMap((one) => one.reasons.map((reason) => [reason.says, reason] as const)))
    return {
      contract,
      servers: own,
      answer: worstAnswer(all.map(({ answer }) => answer)),
      reasons: [...reasons.values()],
    }
  })
}

function versionOf({ resolved }: ServerParts): string | null {
  const facts = resolved?.state === 'seen' ? resolved.facts : null
  return facts?.wouldRun == null ? null : (facts.installed[facts.wouldRun]?.version ?? null)
}
