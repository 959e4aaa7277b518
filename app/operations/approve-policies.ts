import { UserError } from '@upkeep/contract'
import { policyStatement } from '@upkeep/domain/changes/signed-statements'
import { policyDigest, policyScope } from '../policies-in-force.ts'
import type { Context } from './context.ts'
import { signAttestation } from './sign-attestation.ts'

/** Puts the policies and people of upkeep.yaml in force: until then they can only ask for more than ours. */
export async function approvePolicies(context: Context, key: string | undefined) {
  const { upkeepFile, upkeepFilePath } = context
  if (upkeepFilePath === null)
    throw new UserError(
      'not-found',
      'There is no upkeep.yaml whose policies could be approved.',
      'Write one: upkeep init',
    )
  const digest = policyDigest(upkeepFile)
  const record = await signAttestation(context, {
    scope: policyScope,
    statement: digest,
    evidence: [],
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
    signed: ({ person, until }) => policyStatement({ person, digest, until }),
    key,
  })
  return {
    output: { change: null, policies: record },
    text: () =>
      `In force until ${record.validUntil.slice(0, 10)}. When people or policies in the file change, changes are held until they are signed again.\n`,
  }
}
