import { Attestation } from '@upkeep/contract'
import type { MaintenanceContract, MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { inTotoPayload } from '@upkeep/contract/maintenance-contract'
import { product } from '@upkeep/contract/product'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { drawContract } from '@upkeep/domain/maintenance/draw-contract'
import { parseVerifierKey } from '@upkeep/domain/signed-note'
import { keyName, sealEnvelope } from '@upkeep/engine/evidence/dsse'
import { keyInForce } from '@upkeep/engine/evidence/keyring'
import { keySealable, seal } from '@upkeep/engine/evidence/seal'
import { newId } from '@upkeep/engine/kernel/ids'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from '../operations/context.ts'
import { contractGrounds } from './contract-grounds.ts'
import { type Published, publishedScope } from './published.ts'

/** Draws the contract of a server as it stands now, signs it with the key of the ledger, and keeps it as given out. */
export async function publishContract(context: Context, name: string): Promise<Published> {
  const drawn = await drawNow(context, name)
  const at = context.clock.now()
  const store = await context.store()
  return store.transaction(async (tx) => {
    const { record: key, pair } = await keyInForce(tx, context.keyring, at)
    const line = parseVerifierKey(key.key)
    const envelope = sealEnvelope(inTotoPayload, canonicalJson(drawn), {
      id: line === null ? '' : keyName(line),
      pair,
    })
    const text = `${canonicalJson(envelope)}\n`
    const record = Attestation.parse({
      id: newId(at),
      statement: name,
      scope: publishedScope,
      evidence: [await tx.objects.put(text)],
      limits: '',
      person: context.signer.person,
      role: 'operator',
      at,
      validUntil: drawn.predicate.validUntil,
      revokes: null,
      signer: context.signer,
    })
    await tx.attestations.append(record)
    await seal(tx, context.keyring, [{ type: 'attestation', record }], at)
    return { name, statement: drawn, text }
  })
}

/** The contract as it would be given out now. The first time the key of the ledger is made for it. */
export async function drawNow(context: Context, name: string): Promise<MaintenanceStatement> {
  const store = await context.store()
  return drawContract(await contractGrounds(context, store, name, await publisherOf(context, store)))
}

async function publisherOf(context: Context, store: Store): Promise<MaintenanceContract['publisher']> {
  const at = context.clock.now()
  const { origin, key } = await store.transaction(async (tx) => {
    const { record, isNew } = await keyInForce(tx, context.keyring, at)
    if (isNew) {
      await tx.keys.append(record)
      await seal(tx, context.keyring, [keySealable(record)], at)
    }
    return record
  })
  return { name: origin, key, program: `${product.name} ${context.version}` }
}
