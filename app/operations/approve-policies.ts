import { Attestation, UserError } from '@upkeep/contract'
import { policyStatement } from '@upkeep/domain/changes/signed-statements'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { policyDigest, policyScope } from '../policies-in-force.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { decidedBy } from './decide.ts'

/** Puts the policies and people of upkeep.yaml in force: until then they can only ask for more than ours. */
export async function approvePolicies(context: Context, key: string | undefined) {
  const { upkeepFile, upkeepFilePath } = context
  if (upkeepFilePath === null)
    throw new UserError(
      'not-found',
      'There is no upkeep.yaml whose policies could be approved.',
      'Write one: upkeep init',
    )
  const at = context.clock.now()
  const [digest, until] = [policyDigest(upkeepFile), endOfDay('366d', at)]
  const signer = await decidedBy(context, {
    heavy: 'policies decide about every change',
    shown: [
      `Policies and people of ${upkeepFilePath}:`,
      ...(upkeepFile.policies ?? []).map(
        (one) =>
          `  ${one.name}: ${one.approvals} approvals by ${one.roles.join(' or ')}, presence ${one.presence ? 'proven' : 'not asked for'}`,
      ),
      ...upkeepFile.people.map(({ id, roles }) => `  ${id}: ${roles.join(', ')}`),
    ].join('\n'),
    question: 'Shall they count from now on?',
    statement: (person) => policyStatement({ person, digest, until }),
    key,
  })
  const record = Attestation.parse({
    id: newId(at),
    statement: digest,
    scope: policyScope,
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
      `In force until ${until.slice(0, 10)}. When people or policies in the file change, changes are held until they are signed again.\n`,
  }
}
