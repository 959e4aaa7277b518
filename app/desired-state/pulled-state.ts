import { Attestation, UserError } from '@upkeep/contract'
import { DesiredStateFile } from '@upkeep/contract/desired-state-file'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { desiredKeyStatement, signatureNamespace } from '@upkeep/domain/changes/signed-statements'
import { keysInForce, wasSigned } from '@upkeep/engine/change/person-keys'
import { seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import { checkSignature } from '@upkeep/engine/kernel/ssh-signature'
import type { Store } from '@upkeep/engine/store/store'
import { z } from 'zod'
import type { Context } from '../operations/context.ts'

export const pulledScope = 'desired-state pulled'
export const trustedKeyScope = 'desired-state key'

/** What was pulled, as it is kept: everything that it takes to check it again. */
export const PulledText = z.strictObject({ text: z.string(), signature: z.string(), key: z.string() })
export type PulledText = z.infer<typeof PulledText>

/** Why a pulled state counts for nothing, or the state. */
export function checkedState(
  { text, signature, key }: PulledText,
  now: string,
): { state: 'good'; file: DesiredStateFile } | { state: 'bad'; why: string } {
  const checked = checkSignature(key, signature, Buffer.from(text, 'utf8'), signatureNamespace)
  if (checked.state === 'bad') return { state: 'bad', why: checked.reason }
  if (checked.touched === false) return { state: 'bad', why: 'nobody touched the security key' }
  const file = DesiredStateFile.safeParse(jsonOf(text))
  if (!file.success) return { state: 'bad', why: 'it is signed, and is no desired state' }
  if (file.data.validUntil <= now) return { state: 'bad', why: `it ended at ${file.data.validUntil}` }
  return { state: 'good', file: file.data }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * Keeps a state that was pulled, so that an older one is known as such from then on.
 *
 * @throws UserError `evidence-invalid` where its signature does not hold, it is over, or a newer one was seen.
 */
export async function keepPulled(context: Context, pulled: PulledText): Promise<void> {
  const at = context.clock.now()
  const checked = checkedState(pulled, at)
  if (checked.state === 'bad') throw refused(checked.why)
  const store = await context.store()
  const text = canonicalJson(pulled)
  const seen = (await pulledBefore(store)).filter(({ pulled: one }) => one.key === pulled.key)
  const newest = Math.max(0, ...seen.map(({ serial }) => serial))
  if (seen.some((one) => one.serial === checked.file.serial && canonicalJson(one.pulled) === text)) {
    if (checked.file.serial === newest) return
  }
  if (checked.file.serial <= newest)
    throw refused(
      `its serial is ${checked.file.serial}, and ${newest} was seen already: it is an old one, or not the only one`,
    )
  const record = Attestation.parse({
    id: newId(at),
    statement: `serial ${checked.file.serial}`,
    scope: pulledScope,
    evidence: [await store.objects.put(text)],
    limits: '',
    person: context.signer.person,
    role: 'operator',
    at,
    validUntil: checked.file.validUntil,
    revokes: null,
    signer: context.signer,
  })
  await store.transaction(async (tx) => {
    await tx.attestations.append(record)
    await seal(tx, context.keyring, [{ type: 'attestation', record }], at)
  })
}

function refused(why: string): UserError {
  return new UserError('evidence-invalid', `The desired state is not taken: ${why}.`, 'Nothing was changed.')
}

/** Everything that was ever pulled, as far as its signature holds: what is over still says which serials there were. */
export async function pulledBefore(store: Store): Promise<{ at: string; serial: number; pulled: PulledText }[]> {
  const records = (await store.attestations.list()).filter(({ scope }) => scope === pulledScope)
  const texts = await store.objects.getMany(records.flatMap(({ evidence }) => evidence.slice(0, 1)))
  return records.flatMap(({ at, evidence }) => {
    const pulled = PulledText.safeParse(jsonOf(texts.get(evidence[0] ?? '') ?? ''))
    if (!pulled.success) return []
    const checked = checkedState(pulled.data, '')
    return checked.state === 'good' ? [{ at, serial: checked.file.serial, pulled: pulled.data }] : []
  })
}

/** Who let the states of a key count on this machine, by a signature of their own that holds; null where nobody did. */
export async function trustedBy(
  store: Store,
  key: string,
  now: string,
): Promise<{ person: string; at: string } | null> {
  const keys = keysInForce(await store.personKeys.list())
  const told = (await store.attestations.list()).filter(
    (one) => one.scope === trustedKeyScope && one.statement === key && one.validUntil > now,
  )
  const held = told.findLast(({ signer, validUntil }) => {
    const text = desiredKeyStatement({ person: signer.person, key, until: validUntil })
    return wasSigned(signer, text, keys)
  })
  return held === undefined ? null : { person: held.signer.person, at: held.at }
}
