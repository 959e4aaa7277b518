import { Attestation, UserError } from '@upkeep/contract'
import { desiredKeyStatement } from '@upkeep/domain/changes/signed-statements'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { publicKeyAt } from '../desired-state/pull-state.ts'
import { trustedKeyScope } from '../desired-state/pulled-state.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { decidedBy } from './decide.ts'

/** Lets the desired states that a key signs count on this machine: from then on they set back what differs. */
export async function approveStateKey(context: Context, file: string, key: string | undefined) {
  const line = publicKeyAt(context, file)
  if (line.length > 2_000)
    throw new UserError('bad-input', 'The key is too long.', 'Name an SSH public key: key:<file>.')
  const at = context.clock.now()
  const until = endOfDay('366d', at)
  const signer = await decidedBy(context, {
    heavy: 'its states are enforced without asking',
    shown: `The SSH public key ${line}`,
    question: 'Shall the desired states that it signs be enforced on this machine?',
    statement: (person) => desiredKeyStatement({ person, key: line, until }),
    key,
  })
  const record = Attestation.parse({
    id: newId(at),
    statement: line,
    scope: trustedKeyScope,
    evidence: [],
    limits: '',
    person: signer.person,
    role: 'approver',
    at,
    validUntil: until,
    revokes: null,
    signer,
  })
  const store = await context.store()
  await store.transaction(async (tx) => {
    await tx.attestations.append(record)
    await seal(tx, context.keyring, [{ type: 'attestation', record }], at)
  })
  return {
    output: { change: null, policies: record },
    text: () =>
      `States that it signs count here until ${until.slice(0, 10)}: upkeep enforce --from <state> --key ${file}\n`,
  }
}
