import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Facts, Seen } from '@upkeep/contract'
import { readUrgencyTable } from '../../urgency/read-urgency-table.ts'

const read = readUrgencyTable(readFileSync(join(import.meta.dirname, '../../../packs/urgency/table.json'), 'utf8'))
if (typeof read === 'string') throw new Error(read)

/** The table of due dates that ships. */
export const shippedTable: Seen<'urgency-table'> & { state: 'seen' } = { state: 'seen', facts: read }

/** What this installation remembers of itself: nothing yet, unless it is given. */
export function remembered(more: Partial<Facts<'fleet-history'>> = {}): Seen<'fleet-history'> & { state: 'seen' } {
  return { state: 'seen', facts: { since: null, packages: [], known: [], leftOut: [], ...more } }
}

type Exploitation = Facts<'advisories'>['records'][number]['exploitation']

/** What is known of the use of a vulnerability: not on a list in date, unless it is given. */
export function exploitation(more: Partial<Exploitation> = {}): Exploitation {
  const unlisted = { listed: false, dateAdded: null, dueDate: null, ransomware: null }
  return { kev: unlisted, epss: null, ssvc: null, stale: [], ...more }
}
