import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * Which packages each observation shows, so that "who has X" reads no observation but those that have it. Drawn from the objects alone,
 * and never sealed: what is missing is drawn again. Servers with the same packages share one set.
 */
export const components: Migration = {
  name: '002-components',
  up: async (db, { tableOptions }) => {
    const options = sql.raw(tableOptions)
    await sql`create table component_sets (
      component_set text not null, package text not null, version text, how text not null) ${options}`.execute(db)
    await sql`create index component_sets_package_index on component_sets (package)`.execute(db)
    await sql`create index component_sets_set_index on component_sets (component_set)`.execute(db)
    await sql`create table observed_components (
      observation text primary key, component_set text not null, knowledge text not null) ${options}`.execute(db)
    await sql`create index observed_components_set_index on observed_components (component_set)`.execute(db)
  },
}
