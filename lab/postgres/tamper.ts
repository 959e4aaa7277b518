import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StorePlace } from '@upkeep/engine/store/store'
import { Client } from 'pg'

/** Runs one statement on the database behind the store's back, as somebody who can write it would. */
export async function tamper(place: StorePlace, statement: string): Promise<void> {
  if ('stateDir' in place) {
    const database = new DatabaseSync(join(place.stateDir, 'state.db'), { timeout: 5_000 })
    database.exec(statement)
    database.close()
    return
  }
  const client = new Client({ connectionString: place.postgresUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
