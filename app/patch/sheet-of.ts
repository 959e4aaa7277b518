import type { Observation } from '@upkeep/contract'
import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { partsToJudge } from '@upkeep/domain/advisories/judged-copies'
import { byPackage } from '@upkeep/domain/advisories/known-advisories'
import { matchParts } from '@upkeep/domain/advisories/match-parts'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { drawSheet } from '@upkeep/domain/changes/impact/draw-sheet'
import type { Advised } from '@upkeep/domain/changes/impact/server-impact'
import { type Listed, modelsOf, type ServerModel } from '@upkeep/domain/changes/impact/server-model'
import type { PlanTrial } from './try-plan.ts'

/** The impact sheet of a change, from what trying it came to. */
export function sheetOf({ plan, digest }: Pick<ChangeState, 'plan' | 'digest'>, trial: PlanTrial): ImpactSheet {
  const listing = (which: 'was' | 'is'): Listed =>
    new Map(
      trial.servers.map((one) => [
        one.subject.id,
        typeof one[which] === 'string' ? { unlisted: one[which] } : one[which],
      ]),
    )
  const [was, is] = [modelsOf(trial.was, listing('was')), modelsOf(trial.is, listing('is'))]
  const feeds = [...trial.was, ...trial.is].filter((one) => one.kind === 'advisories')
  const blind = feeds.find(({ state }) => state !== 'seen')
  const unknown = [
    ...(blind === undefined || blind.state === 'seen' ? [] : [`which vulnerabilities are known: ${blind.reason}`]),
    ...trial.steps.flatMap(({ input, candidate, why }) => [
      ...(candidate === null ? [`the bytes of ${input.package} ${input.to}: they were not fetched`] : []),
      ...(why === '' ? [] : [`${input.server}: ${why}`]),
      ...(candidate?.scripts ?? []).map(
        (name) => `what the installation of ${name} would run: its scripts were not run`,
      ),
    ]),
  ]
  return drawSheet({ plan, digest, was, is, advised: advisedBy([...trial.was, ...trial.is]), unknown })
}

/** The advisories that hold for what a server runs: the same records before and after. */
function advisedBy(seen: readonly Observation[]): Advised {
  const records = seen.flatMap((one) => (one.kind === 'advisories' && one.state === 'seen' ? one.facts.records : []))
  const index = byPackage(records)
  return ({ declared, resolved }: ServerModel) => {
    const seen = resolved === null ? notKnown : { state: 'seen' as const, facts: resolved }
    const { parts } = partsToJudge(declared.launch, seen)
    const ids = matchParts(parts, index).matches.map(({ advisory }) => advisory.id)
    return [...new Set(ids)].sort()
  }
}

const notKnown = { state: 'absent' as const, reason: 'nothing is installed' }
