import { UserError } from '@upkeep/contract/errors'
import { type Kysely, sql } from 'kysely'
import type { Capabilities, Database, Db, OpenDatabase } from '../database.ts'
import { spine } from './001-spine.ts'
import { components } from './002-components.ts'
import { consents } from './003-consents.ts'
import { changes } from './004-changes.ts'
import { personKeys } from './005-person-keys.ts'
import { requests } from './006-requests.ts'
import { tokens } from './007-tokens.ts'
import { deliveries } from './008-deliveries.ts'
import { tickets } from './009-tickets.ts'
import { seenDeliveries } from './010-seen-deliveries.ts'
import type { Migration } from './migration.ts'

/** All steps, in order; the version of a schema is how many of them it has taken. */
export const migrations: readonly Migration[] = [
  spine,
  components,
  consents,
  changes,
  personKeys,
  requests,
  tokens,
  deliveries,
  tickets,
  seenDeliveries,
]

/**
 * Brings the schema to the newest version, in one transaction. Processes that open at once take turns; whoever comes second finds it done.
 * A schema that has taken more steps than are known here is left alone: UserError `state-newer`.
 */
export async function migrate({ db, capabilities }: OpenDatabase, steps = migrations): Promise<void> {
  if ((await versionOf(db, capabilities, steps)) === steps.length) return
  await db.transaction().execute(async (tx) => {
    await capabilities.lockForWriting(tx)
    const version = await versionOf(tx, capabilities, steps)
    if (version === null) await createVersions(tx, capabilities)
    for (const [index, step] of steps.entries()) {
      if (index < (version ?? 0)) continue
      await step.up(tx, capabilities)
      await tx
        .insertInto('schema_versions')
        .values({ version: index + 1, name: step.name })
        .execute()
    }
  })
}

async function versionOf(db: Kysely<Database>, capabilities: Capabilities, steps: readonly Migration[]) {
  if (!(await capabilities.tableExists(db, 'schema_versions'))) return null
  const taken = await db.selectFrom('schema_versions').select(['version', 'name']).orderBy('version').execute()
  const foreign = taken.find((row) => steps[row.version - 1]?.name !== row.name)
  if (foreign === undefined) return taken.length
  throw new UserError(
    'state-newer',
    `The state was written by a newer version of upkeep: its schema has step ${foreign.version}, and this version knows ${steps.length}.`,
    'Use the newer version, or set UPKEEP_HOME to another folder.',
  )
}

async function createVersions(db: Db, capabilities: Capabilities): Promise<void> {
  const options = sql.raw(capabilities.tableOptions)
  await sql`create table schema_versions (version integer primary key, name text not null) ${options}`.execute(db)
}
