import type { Facts, Observation } from '@upkeep/contract'
import type { ToolSurface } from '@upkeep/contract/observations/tool-surface'

/** All that is known of one server at one moment, before a change or as it would be after it. */
export interface ServerModel {
  readonly id: string
  readonly declared: Facts<'declared-server'>
  readonly resolved: Facts<'resolved-package'> | null
  readonly integrations: Facts<'integrations'> | null
  /** What would be started: over the command line, and over every byte. Null where it is not known. */
  readonly starts: string | null
  /** As it was listed in the sandbox. Null where it was not; `unlisted` says why. */
  readonly surface: ToolSurface | null
  readonly unlisted: string
  /** What it tried in the sandbox; null where nothing watched. */
  readonly attempts: Facts<'server-tests'>['attempts']
}

/** The listing of one server, or why there is none. */
export type Listed = ReadonlyMap<string, ToolSurface | { unlisted: string }>

/** The servers that were seen, in the order of their ids. */
export function modelsOf(seen: readonly Observation[], listed: Listed): ServerModel[] {
  const models = [...Map.groupBy(seen, ({ subject }) => subject.id)].flatMap(([id, own]): ServerModel[] => {
    const declared = own.flatMap((one) =>
      one.kind === 'declared-server' && one.state === 'seen' ? [one.facts] : [],
    )[0]
    if (declared === undefined) return []
    const plan = own.flatMap((one) => (one.kind === 'run-plan' && one.state === 'seen' ? [one.facts] : []))[0]
    const tests = own.flatMap((one) => (one.kind === 'server-tests' && one.state === 'seen' ? [one.facts] : []))[0]
    const surface = listed.get(id) ?? { unlisted: 'it was not run' }
    return [
      {
        id,
        declared,
        resolved:
          own.flatMap((one) => (one.kind === 'resolved-package' && one.state === 'seen' ? [one.facts] : []))[0] ?? null,
        integrations:
          own.flatMap((one) => (one.kind === 'integrations' && one.state === 'seen' ? [one.facts] : []))[0] ?? null,
        starts: plan === undefined ? null : `${plan.command} ${plan.bytes}`,
        surface: 'unlisted' in surface ? null : surface,
        unlisted: 'unlisted' in surface ? surface.unlisted : '',
        attempts: tests?.attempts ?? null,
      },
    ]
  })
  return models.sort((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0))
}
