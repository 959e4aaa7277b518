import { Attestation, UserError } from '@upkeep/contract'
import { contractKeyStatement } from '@upkeep/domain/changes/signed-statements'
import { keysInForce, wasSigned } from '@upkeep/engine/change/person-keys'
import { newId } from '@upkeep/engine/kernel/ids'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from '../operations/context.ts'
import { keepAttestation } from '../operations/sign-attestation.ts'
import { type ReadContract, readContract } from './read-contract.ts'

const seenScope = 'maintenance-contract seen'
export const contractKeyScope = 'maintenance-contract key'

/** A contract that was taken, of a publisher whose key a person let count for this server. */
export interface Consumed extends ReadContract {
  readonly trusted: { person: string; at: string; until: string }
}

/** What a person lets count: one key, for one server. Statements of records are one text. */
export function keyForServer({ uri, key }: Pick<ReadContract, 'uri' | 'key'>): string {
  return `${key} ${uri}`
}

/** Who let a key count for a server, by a signature of their own that holds; null where nobody did, or they took it back. */
export async function contractTrust(
  store: Store,
  contract: Pick<ReadContract, 'uri' | 'key'>,
  now: string,
): Promise<Consumed['trusted'] | null> {
  const keys = keysInForce(await store.personKeys.list())
  const statement = keyForServer(contract)
  const said = (await store.attestations.list()).filter(
    (one) => one.scope === contractKeyScope && one.statement === statement,
  )
  const taken = new Set(said.map(({ revokes }) => revokes))
  const held = said.findLast(({ id, signer, validUntil, revokes }) => {
    if (revokes !== null || taken.has(id) || validUntil <= now) return false
    return wasSigned(signer, contractKeyStatement({ person: signer.person, ...contract, until: validUntil }), keys)
  })
  return held === undefined ? null : { person: held.signer.person, at: held.at, until: held.validUntil }
}

/** The highest serial that was seen of a server under a key, and its text; null where none was. */
async function newestSeen(store: Store, { uri, key }: Pick<ReadContract, 'uri' | 'key'>): Promise<ReadContract | null> {
  const all = (await seenContracts(store)).filter((one) => one.uri === uri && one.key === key)
  return all.toSorted((one, other) => serialOf(one) - serialOf(other)).at(-1) ?? null
}

async function seenContracts(store: Store): Promise<ReadContract[]> {
  const records = (await store.attestations.list()).filter(({ scope }) => scope === seenScope)
  const texts = await store.objects.getMany(records.flatMap(({ evidence }) => evidence.slice(0, 1)))
  return records.flatMap(({ evidence }) => {
    const read = readContract(texts.get(evidence[0] ?? '') ?? '')
    return 'fault' in read ? [] : [read]
  })
}

/**
 * Keeps a contract of a trusted key, so that an older one is known as such from then on. Null where it is taken; else why it is not: a higher
 * serial was seen, or another contract with the same.
 */
export async function keepContract(context: Context, contract: ReadContract): Promise<string | null> {
  const store = await context.store()
  const newest = await newestSeen(store, contract)
  const [is, was] = [serialOf(contract), newest === null ? 0 : serialOf(newest)]
  if (newest?.text === contract.text) return null
  if (is <= was) return `its serial is ${is}, and ${was} was seen already: it is an old one, or not the only one`
  const at = context.clock.now()
  const record = Attestation.parse({
    id: newId(at),
    statement: contract.uri,
    scope: seenScope,
    evidence: [await store.objects.put(contract.text)],
    limits: '',
    person: context.signer.person,
    role: 'operator',
    at,
    validUntil: contract.statement.predicate.validUntil,
    revokes: null,
    signer: context.signer,
  })
  await keepAttestation(context, record)
  return null
}

/** The newest contract of each server of a key that still counts. What has ended is among them: that nothing is known any more is known. */
export async function consumedContracts(store: Store, now: string): Promise<Consumed[]> {
  const newest = new Map<string, ReadContract>()
  for (const one of await seenContracts(store)) {
    const before = newest.get(keyForServer(one))
    if (before === undefined || serialOf(before) < serialOf(one)) newest.set(keyForServer(one), one)
  }
  const found = await Promise.all(
    [...newest.values()].map(async (one) => ({ one, trusted: await contractTrust(store, one, now) })),
  )
  return found.flatMap(({ one, trusted }) => (trusted === null ? [] : [{ ...one, trusted }]))
}

/** Takes back that a key counts. Throws UserError `not-found` where it did not. */
export async function distrust(context: Context, contract: Pick<ReadContract, 'uri' | 'key'>): Promise<void> {
  const store = await context.store()
  const at = context.clock.now()
  const statement = keyForServer(contract)
  const said = (await store.attestations.list()).filter(
    (one) => one.scope === contractKeyScope && one.statement === statement,
  )
  const taken = new Set(said.map(({ revokes }) => revokes))
  const standing = said.filter(({ id, revokes }) => revokes === null && !taken.has(id))
  if (standing.length === 0)
    throw new UserError('not-found', 'That key does not count here.', 'Nothing is to be taken back.')
  for (const { id, validUntil } of standing) {
    const who = { person: context.signer.person, role: 'approver' as const, signer: context.signer }
    const what = { scope: contractKeyScope, statement, evidence: [], limits: '', revokes: id }
    await keepAttestation(context, Attestation.parse({ id: newId(at), at, validUntil, ...what, ...who }))
  }
}

function serialOf({ statement }: ReadContract): number {
  return statement.predicate.serial
}
