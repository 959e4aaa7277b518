import { UserError } from '@upkeep/contract'
import { desiredKeyStatement } from '@upkeep/domain/changes/signed-statements'
import { publicKeyAt } from '../desired-state/pull-state.ts'
import { trustedKeyScope } from '../desired-state/pulled-state.ts'
import type { Context } from './context.ts'
import { signAttestation } from './sign-attestation.ts'

/** Lets the desired states that a key signs count on this machine: from then on they set back what differs. */
export async function approveStateKey(context: Context, file: string, key: string | undefined) {
  const line = publicKeyAt(context, file)
  if (line.length > 2_000)
    throw new UserError('bad-input', 'The key is too long.', 'Name an SSH public key: key:<file>.')
  const record = await signAttestation(context, {
    scope: trustedKeyScope,
    statement: line,
    evidence: [],
    heavy: 'its states are enforced without asking',
    shown: `The SSH public key ${line}`,
    question: 'Shall the desired states that it signs be enforced on this machine?',
    signed: ({ person, until }) => desiredKeyStatement({ person, key: line, until }),
    key,
  })
  return {
    output: { change: null, policies: record },
    text: () =>
      `States that it signs count here until ${record.validUntil.slice(0, 10)}: upkeep enforce --from <state> --key ${file}\n`,
  }
}
