import { type Severity, UserError } from '@upkeep/contract'
import { severityRank } from '@upkeep/engine/report/items'
import {
  buildCoverage,
  buildFigures,
  buildReport,
  type ReportRuns,
  readRuns,
  type StandingOptions,
} from '@upkeep/engine/report/model'
import type { ReportModel } from '@upkeep/engine/report/report-model'
import type { Store } from '@upkeep/engine/store/store'
import { ownersOf } from '../owners-of.ts'
import type { Context } from './context.ts'

/** The report of this installation as the store has it now. `brief`: without verdicts and without what they rest on. */
export async function drawReport(
  context: Context,
  options: { bodies?: number; owner?: string | undefined; brief?: boolean } = {},
): Promise<ReportModel> {
  const store = await requireStore(context)
  const [place] = context.places
  return buildReport(store, {
    ...standingOptions(context),
    at: context.clock.now(),
    version: context.version,
    profile: context.profile,
    collectors: [
      ...context.catalog.collectors,
      ...context.catalog.probes.map(({ id }) => ({ id, sees: ['control-probes'] as const })),
      ...context.catalog.serverProbes.map(({ id }) => ({ id, sees: ['server-probes'] as const })),
      { id: 'sandbox', sees: ['server-tests'] as const },
      { id: 'attack-atoms', sees: ['endpoint-attacks'] as const },
    ],
    ...(place !== undefined && { home: place.home }),
    ownersOf: ownersOf(context.upkeepFile.servers),
    brief: options.brief ?? false,
    ...(options.bodies !== undefined && { bodies: options.bodies }),
    ...(options.owner !== undefined && { owner: options.owner }),
  })
}

/** What was looked at, as the store has it now. */
export async function drawCoverage(context: Context): ReturnType<typeof buildCoverage> {
  return buildCoverage(await requireStore(context), standingOptions(context))
}

/** How many of everything there are. */
export async function drawFigures(context: Context): ReturnType<typeof buildFigures> {
  return buildFigures(await requireStore(context), { ...standingOptions(context), at: context.clock.now() })
}

/** The runs that stand. */
export async function standingRuns(context: Context): Promise<ReportRuns> {
  return readRuns(await requireStore(context), standingOptions(context))
}

function standingOptions({ duties, practice, clock, parts }: Context): StandingOptions {
  return { duties, practice, simulatedClock: clock.kind === 'simulated', parts }
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
  if (model.items.some((item) => isAtLeast(item.severity, failOn))) return 'findings'
  const judged = model.totals.pass > 0 || model.items.length > 0 || model.accepted.length > 0
  const unread = model.coverage.unreadable.length > 0
  return model.unknowns.length > 0 || unread || !judged ? 'not-evaluated' : undefined
}

/** Whether it is as bad as that, or worse. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return severityRank(severity) <= severityRank(limit)
}
