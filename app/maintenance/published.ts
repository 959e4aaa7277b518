import type { MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import type { Store } from '@upkeep/engine/store/store'
import { readContract } from './read-contract.ts'

export const publishedScope = 'maintenance-contract published'

/** A contract that was given out. */
export interface Published {
  readonly name: string
  readonly statement: MaintenanceStatement
  readonly text: string
}

/** The newest contract of a server that was given out here; null where none was. */
export async function publishedOf(store: Store, name: string): Promise<Published | null> {
  const given = (await store.attestations.list()).filter(
    ({ scope, statement }) => scope === publishedScope && statement === name,
  )
  const digest = given.at(-1)?.evidence[0]
  const text = digest === undefined ? null : await store.objects.get(digest)
  const read = text === null ? null : readContract(text)
  return text === null || read === null || 'fault' in read ? null : { name, statement: read.statement, text }
}
