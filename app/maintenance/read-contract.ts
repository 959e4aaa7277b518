import { MaintenanceEnvelope, MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { parseVerifierKey } from '@upkeep/domain/signed-note'
import { envelopeBody, envelopeIsSignedBy } from '@upkeep/engine/evidence/dsse'
import { isTooDeep } from '@upkeep/engine/intel/json-depth'

/** The longest contract that is read, in bytes. */
export const maxContractBytes = 4 << 20
const deepest = 40

/** A contract whose signature is by the key that it names itself. Whose key that is, is another question. */
export interface ReadContract {
  readonly statement: MaintenanceStatement
  readonly uri: string
  readonly key: string
  readonly text: string
}

/** Reads what is said to be a contract: bounded, of the form that it should have, and signed by the key that it names. */
export function readContract(text: string): ReadContract | { fault: string } {
  const envelope = MaintenanceEnvelope.safeParse(jsonOf(text))
  if (!envelope.success) return { fault: 'it is no envelope of a maintenance contract' }
  const body = envelopeBody(envelope.data)
  const parsed = MaintenanceStatement.safeParse(body === null ? null : jsonOf(body))
  if (!parsed.success) return { fault: 'what is signed is no maintenance contract of version 1' }
  const { subject, predicate } = parsed.data
  const { key, name } = predicate.publisher
  if (parseVerifierKey(key)?.name !== name) return { fault: 'the key that it names is none of its publisher' }
  if (!envelopeIsSignedBy(envelope.data, key))
    return { fault: 'its signature does not hold: it was altered, or another key signed it' }
  return { statement: parsed.data, uri: subject[0]?.uri ?? '', key, text }
}

/** Depth is looked at before anything is built. */
function jsonOf(text: string): unknown {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length > maxContractBytes || isTooDeep(bytes, deepest)) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
