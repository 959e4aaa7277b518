import { UserError } from '@upkeep/contract'
import { desiredStateStatement } from '@upkeep/domain/changes/signed-statements'
import { counted } from '@upkeep/engine/report/paint'
import { lockPathOf, readLockAt } from '../desired-state/lock-place.ts'
import { desiredStateScope, namesOf } from '../desired-state/state-in-force.ts'
import { absoluteModes } from '../desired-state/violations.ts'
import type { Context } from './context.ts'
import { signAttestation } from './sign-attestation.ts'

/** Puts the lock and the modes in force: from then on what differs may be set back without asking, where the mode is enforce. */
export async function approveDesiredState(context: Context, key: string | undefined) {
  const path = lockPathOf(context)
  const read = readLockAt(path)
  if (read === null)
    throw new UserError('not-found', `There is no lock at ${path}.`, 'Write one, and look at it: "upkeep import".')
  const modes = absoluteModes(context)
  const names = namesOf(read.text, modes)
  const record = await signAttestation(context, {
    scope: desiredStateScope,
    statement: `upkeep.lock ${names.lock}`,
    evidence: [names.lock, names.modes],
    heavy: 'a state that is enforced changes files without asking',
    shown: [
      `${path}: ${counted(read.lock.servers.length, 'server')}, sha256 ${names.lock}`,
      ...read.lock.servers.map(({ name, client, file }) => `  ${name}  ${client}: ${file}`),
      'Modes, the first that fits counts, else observe:',
      ...modes.map((one) => `  ${JSON.stringify(one)}`),
    ].join('\n'),
    question: 'Shall this state count from now on?',
    signed: ({ person, until }) => desiredStateStatement({ person, until, ...names }),
    key,
  })
  return {
    output: { change: null, policies: record },
    text: () =>
      `In force until ${record.validUntil.slice(0, 10)}. When the lock or the modes change, nothing is enforced until they are signed again.\n`,
  }
}
