import { join } from 'node:path'
import type { ChangeAssessment, ChangeTest } from '@upkeep/contract/change-step'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { trialTests } from '@upkeep/domain/changes/trial-tests'
import { rehearseRollback } from '@upkeep/engine/change/rehearse-rollback'
import type { Store } from '@upkeep/engine/store/store'
import { keptObjectsIn, stateOfKept } from '@upkeep/engine/vault/kept-tarballs'
import type { VersionStep } from './prospect.ts'
import { sheetOf } from './sheet-of.ts'
import { type PlanTrial, type TrialHands, tryPlan } from './try-plan.ts'

/** What a change takes before anybody is asked: what it means, and how it does where nothing can go wrong. */
export interface Gate {
  assess(state: ChangeState): Promise<ChangeAssessment>
  test(state: ChangeState): Promise<ChangeTest[]>
}

/** Assesses and tests changes; what is run for one of the two is not run again for the other. */
export function gateOf(store: Store, hands: () => Promise<TrialHands>): Gate {
  const trials = new Map<string, Promise<PlanTrial>>()
  async function trialOf({ plan, digest }: ChangeState): Promise<PlanTrial> {
    const trial = trials.get(digest) ?? tryPlan(await hands(), plan)
    trials.set(digest, trial)
    return trial
  }
  return {
    async assess(state) {
      const sheet = sheetOf(state, await trialOf(state))
      const digest = await store.objects.put(canonicalJson(sheet))
      return { risk: sheet.risk, why: sheet.why.slice(0, 100).map((why) => why.slice(0, 1_000)), sheet: digest }
    },
    async test(state) {
      const trial = await trialOf(state)
      const { catalog, ports, stateDir } = await hands()
      const world = { remediations: catalog.remediations, ports }
      const bytes = await Promise.all(trial.steps.map((step) => exactBytes(step, stateDir)))
      const rehearsed = await rehearseRollback(world, state, join(stateDir, 'rehearsals'))
      return [...bytes, rehearsed, ...trial.servers.flatMap(trialTests)].slice(0, 200)
    },
  }
}

/** Whether the bytes that a plan names are kept and whole, and are those that were laid out for the tests. */
async function exactBytes({ input, candidate, there }: VersionStep, stateDir: string): Promise<ChangeTest> {
  const name = `${input.server}: exact bytes`.slice(0, 200)
  const say = (outcome: ChangeTest['outcome'], detail: string): ChangeTest => ({ name, outcome, detail })
  const what = `${input.package} ${input.to}`
  if (candidate === null) {
    if (input.integrity !== undefined) return say('failed', `what was fetched of ${what} is no longer there`)
    return say('not-run', `${what} was not fetched: with --online it is, and kept with its digest`)
  }
  if (input.integrity !== undefined && input.integrity !== candidate.integrity)
    return say('failed', `what was laid out of ${what} is not what the plan names`)
  const kept = await stateOfKept(keptObjectsIn(stateDir), candidate.integrity)
  if (kept !== 'kept') return say('failed', `the kept archive of ${what} is ${kept}`)
  const of = candidate.packages.length === 1 ? 'one package' : `${candidate.packages.length} packages`
  const scripts = candidate.scripts.length === 0 ? '' : `; not run: the scripts of ${candidate.scripts.join(', ')}`
  const already = there ? '; a copy that was there before is what was tested' : ''
  return say(
    'passed',
    `${what}: ${candidate.integrity.slice(0, 27)}…, as the registry states; ${of} kept${scripts}${already}`,
  )
}
