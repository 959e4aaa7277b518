import { Attestation } from '@upkeep/contract'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { type Decision, decidedBy } from './decide.ts'

/** What a person puts in force by their signature. */
export interface PutInForce extends Omit<Decision, 'statement'> {
  scope: string
  statement: string
  evidence: readonly string[]
  /** What is signed; `until` is the day on which it ends. */
  signed(words: { person: string; until: string }): string
  /** When it ends; left out, after a year. */
  until?: string
}

/** Asks a person, and keeps what they signed as their attestation, for a year at most. */
export async function signAttestation(context: Context, asked: PutInForce): Promise<Attestation> {
  const at = context.clock.now()
  const { scope, statement, evidence, signed, until = endOfDay('366d', at), ...decision } = asked
  const signer = await decidedBy(context, { ...decision, statement: (person) => signed({ person, until }) })
  const who = { person: signer.person, role: 'approver' as const, signer }
  const record = Attestation.parse({
    id: newId(at),
    at,
    scope,
    statement,
    evidence: [...evidence],
    limits: '',
    validUntil: until,
    revokes: null,
    ...who,
  })
  await keepAttestation(context, record)
  return record
}

/** Stores and seals what a person stated, and what belongs to it in the same transaction. */
export async function keepAttestation(
  context: Context,
  record: Attestation,
  also: (tx: Store) => Promise<void> = async () => {},
): Promise<void> {
  const store = await context.store()
  await store.transaction(async (tx) => {
    await also(tx)
    await tx.attestations.append(record)
    await seal(tx, context.keyring, [{ type: 'attestation', record }], record.at)
  })
}
