import { PersonKey, UserError } from '@upkeep/contract'
import { enrolmentStatement } from '@upkeep/domain/changes/signed-statements'
import { keysInForce, whyNotEnrolled } from '@upkeep/engine/change/person-keys'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { isPasskey } from '@upkeep/engine/kernel/passkey'
import type { Context, PersonalKey } from './context.ts'
import { personalKey } from './personal-key.ts'

/** What a person and their new key sign. */
export type Enrolment = Parameters<typeof enrolmentStatement>[0]

/**
 * Remembers a person's first SSH key. A later one takes the place of it, and only where a key in force signs that too.
 *
 * @throws UserError `not-allowed` where another key is in force and is not at hand to vouch for the new one.
 */
export async function enrolIfNew(context: Context, key: PersonalKey): Promise<void> {
  const { person } = context.signer
  const own = await ownKeys(context)
  if (own.some((one) => one.key === key.line) || key.presence === 'passkey') return
  const before = own.find((one) => !isPasskey(one.key)) ?? null
  const words = { person, key: key.line, at: context.clock.now(), replaces: before?.id ?? null }
  const statement = enrolmentStatement(words)
  const vouched = own.length === 0 ? null : await vouchedBy(context, own, statement)
  await keepKey(context, { ...words, proof: await key.sign(statement), vouched, presence: key.presence })
  context.person?.show(`This key is remembered as that of ${person}; a later one takes its signature.\n`)
}

/** The keys by which whoever is at the door decides now. */
export async function ownKeys(context: Context): Promise<readonly PersonKey[]> {
  const store = await context.store()
  return keysInForce(await store.personKeys.list()).get(context.signer.person) ?? []
}

/**
 * Stores and seals a key, if it is one by the keys that are in force at that moment.
 *
 * @throws UserError `not-allowed` with what it lacks.
 */
export async function keepKey(
  context: Context,
  { presence, ...signed }: Enrolment & Pick<PersonKey, 'proof' | 'vouched'> & Pick<PersonalKey, 'presence'>,
): Promise<PersonKey> {
  const store = await context.store()
  const { person, at } = signed
  const signer = { person, presence, signature: null }
  const record = PersonKey.parse({ ...signed, id: newId(at), signer })
  await store.transaction(async (tx) => {
    const before = keysInForce(await tx.personKeys.list()).get(person) ?? []
    const fault = whyNotEnrolled(record, before)
    if (fault !== null)
      throw new UserError('not-allowed', `The key is not remembered: ${fault}.`, 'Nothing was recorded.')
    await tx.personKeys.append(record)
    await seal(tx, context.keyring, [{ type: 'person-key', record }], at)
  })
  return record
}

async function vouchedBy(context: Context, own: readonly PersonKey[], statement: string): Promise<string> {
  const key = context.person === null ? null : personalKey(context.person, undefined, own)
  if (key !== null) return key.sign(statement)
  throw new UserError(
    'not-allowed',
    `Another key is in force for ${context.signer.person}, and it is not on this machine to sign for the new one.`,
    'Approve with the key in force, or sign in with it here first.',
  )
}
