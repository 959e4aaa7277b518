import { type Severity, UserError } from '@upkeep/contract'
import { severityRank } from '@upkeep/engine/report/items'
import { buildReport } from '@upkeep/engine/report/model'
import type { ReportModel } from '@upkeep/engine/report/report-model'
import type { Store } from '@upkeep/engine/store/store'
import { ownersOf } from '../owners-of.ts'
import type { Context } from './context.ts'

/** The report of this installation as the store has it now. */
export async function drawReport(
  context: Context,
  options: { bodies?: number; owner?: string | undefined } = {},
): Promise<ReportModel> {
  const store = await requireStore(context)
  const [place] = context.places
  return buildReport(store, {
    at: context.clock.now(),
    version: context.version,
    profile: context.profile,
    duties: context.duties,
    collectors: [
      ...context.catalog.collectors,
      ...context.catalog.probes.map(({ id }) => ({ id, sees: ['control-probes'] as const })),
      ...context.catalog.serverProbes.map(({ id }) => ({ id, sees: ['server-probes'] as const })),
      { id: 'sandbox', sees: ['server-tests'] as const },
      { id: 'attack-atoms', sees: ['endpoint-attacks'] as const },
    ],
    practice: context.practice,
    simulatedClock: context.clock.kind === 'simulated',
    ...(place !== undefined && { home: place.home }),
    ownersOf: ownersOf(context.upkeepFile.servers),
    ...(options.bodies !== undefined && { bodies: options.bodies }),
    ...(options.owner !== undefined && { owner: options.owner }),
  })
}

/** The state, or what to do when nothing was ever looked at. */
export async function requireStore(context: Context): Promise<Store> {
  const store = await context.existingStore()
  if (store !== null) return store
  throw new UserError(
    'not-found',
    'Nothing was looked at yet, so there is no state to read.',
    'Run "upkeep scan" first.',
  )
}

/** What a report means for an exit code. Accepted findings do not count until they expire; what was not judged is never a success. */
export function outcomeOf(model: ReportModel, failOn: Severity | 'never'): 'findings' | 'not-evaluated' | undefined {
  if (failOn === 'never') return undefined
  const limit = severityRank(failOn)
  if (model.items.some((item) => severityRank(item.severity) <= limit)) return 'findings'
  const judged = model.totals.pass > 0 || model.items.length > 0 || model.accepted.length > 0
  const unread = model.coverage.unreadable.length > 0
  return model.unknowns.length > 0 || unread || !judged ? 'not-evaluated' : undefined
}
