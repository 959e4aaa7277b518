import type { Capabilities, Db } from '../database.ts'

/** One step forward of the schema. There is no step back: the backup is the way back. */
export interface Migration {
  readonly name: string
  up(db: Db, capabilities: Capabilities): Promise<void>
}
