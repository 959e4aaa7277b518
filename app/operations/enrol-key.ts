import { PersonKey, UserError } from '@upkeep/contract'
import { enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { keysInForce, whyNotEnrolled } from '@upkeep/engine/change/person-keys'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import type { Context, PersonalKey } from './context.ts'

/**
 * Remembers a person's first key. A later one takes the place of it only where the one in force signs that too.
 *
 * @throws UserError `not-allowed` where another key is in force and does not lie on this machine to vouch for the new one.
 */
export async function enrolIfNew(context: Context, key: PersonalKey): Promise<void> {
  const { person } = context.signer
  const store = await context.store()
  const before = keysInForce(await store.personKeys.list()).get(person) ?? null
  if (before?.key === key.line) return
  const at = context.clock.now()
  const words = { person, key: key.line, at, replaces: before?.id ?? null }
  const statement = enrolmentStatement(words)
  const vouched = before === null ? null : await vouchedBy(context, before, statement)
  const signer = { person, presence: key.presence, signature: null }
  const record = PersonKey.parse({ ...words, id: newId(at), proof: await key.sign(statement), vouched, signer })
  const fault = whyNotEnrolled(record, before)
  if (fault !== null)
    throw new UserError('not-allowed', `The key is not remembered: ${fault}.`, 'Nothing was recorded.')
  await store.transaction(async (tx) => {
    await tx.personKeys.append(record)
    await seal(tx, context.keyring, [{ type: 'person-key', record }], at)
  })
  context.person?.show(`This key is remembered as that of ${person}; a later one takes its signature.\n`)
}

async function vouchedBy(context: Context, before: PersonKey, statement: string): Promise<string> {
  const file = context.person?.findKey(before.key) ?? null
  if (file !== null && context.person !== null) return context.person.keyAt(file).sign(statement)
  throw new UserError(
    'not-allowed',
    `Another key is in force for ${before.person}, and it is not on this machine to sign for the new one.`,
    'Approve with the key in force, or sign in with it here first.',
  )
}
