import { UserError } from '@upkeep/contract'
import type { MaintenanceStatement } from '@upkeep/contract/maintenance-contract'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from '../operations/context.ts'
import { drawNow, publishContract } from './publish-contract.ts'
import { publishedOf } from './published.ts'

/** How things stood when every public contract was last drawn, of each process that looks again and again: each is drawn from the whole fleet. */
const drawnFrom = new WeakMap<Context, string>()

/**
 * Publishes a new edition of each public contract that says something else by now, or has spent half of its time. Drawn anew once something was recorded,
 * and each hour, since days are in it.
 */
export async function publishDue(context: Context): Promise<void> {
  const store = await context.existingStore()
  const listed = context.upkeepFile.servers.filter(({ contract }) => contract?.public === true)
  if (store === null || listed.length === 0) return
  const stand = `${await store.ledger.size()} ${context.clock.now().slice(0, 'YYYY-MM-DDTHH'.length)}`
  if (drawnFrom.get(context) === stand) return
  if (await publishEach(context, store, new Set(listed.map((one) => one.name)))) drawnFrom.set(context, stand)
}

/** Whether each of them could be drawn. */
async function publishEach(context: Context, store: Store, names: ReadonlySet<string>): Promise<boolean> {
  let isWhole = true
  for (const name of names) {
    try {
      const before = await publishedOf(store, name)
      if (before !== null && !isDue(before.statement, context.clock.now())) {
        if (saysOf(before.statement) === saysOf(await drawNow(context, name))) continue
      }
      await publishContract(context, name)
    } catch (error) {
      // One that cannot be drawn keeps no other from being published.
      if (!(error instanceof UserError) || error.code === 'state-busy') throw error
      isWhole = false
      context.tell(`The maintenance contract of ${name} could not be published: ${error.message}`)
    }
  }
  return isWhole
}

function isDue({ predicate: { issuedAt, validUntil } }: MaintenanceStatement, now: string): boolean {
  return Date.parse(now) * 2 >= Date.parse(issuedAt) + Date.parse(validUntil)
}

/** What it says, without when it was drawn: occurrences of a window follow from its rule. */
function saysOf({ subject, predicate }: MaintenanceStatement): string {
  const { serial: _, issuedAt: __, validUntil: ___, windows, ...rest } = predicate
  return canonicalJson({ subject, rest, windows: windows.map(({ next: _, ...one }) => one) })
}
