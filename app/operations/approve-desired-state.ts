import { Attestation, UserError } from '@upkeep/contract'
import { desiredStateStatement } from '@upkeep/domain/changes/signed-statements'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { counted } from '@upkeep/engine/report/paint'
import { lockPathOf, readLockAt } from '../desired-state/lock-place.ts'
import { desiredStateScope, namesOf } from '../desired-state/state-in-force.ts'
import { absoluteModes } from '../desired-state/violations.ts'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { decidedBy } from './decide.ts'

/** Puts the lock and the modes in force: from then on what differs may be set back without asking, where the mode is enforce. */
export async function approveDesiredState(context: Context, key: string | undefined) {
  const path = lockPathOf(context)
  const read = readLockAt(path)
  if (read === null)
    throw new UserError('not-found', `There is no lock at ${path}.`, 'Write one, and look at it: "upkeep import".')
  const modes = absoluteModes(context)
  const at = context.clock.now()
  const [names, until] = [namesOf(read.text, modes), endOfDay('366d', at)]
  const signer = await decidedBy(context, {
    heavy: 'a state that is enforced changes files without asking',
    shown: [
      `${path}: ${counted(read.lock.servers.length, 'server')}, sha256 ${names.lock}`,
      ...read.lock.servers.map(({ name, client, file }) => `  ${name}  ${client}: ${file}`),
      'Modes, the first that fits counts, else observe:',
      ...modes.map((one) => `  ${JSON.stringify(one)}`),
    ].join('\n'),
    question: 'Shall this state count from now on?',
    statement: (person) => desiredStateStatement({ person, until, ...names }),
    key,
  })
  const record = Attestation.parse({
    id: newId(at),
    statement: `upkeep.lock ${names.lock}`,
    scope: desiredStateScope,
    evidence: [names.lock, names.modes],
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
      `In force until ${until.slice(0, 10)}. When the lock or the modes change, nothing is enforced until they are signed again.\n`,
  }
}
