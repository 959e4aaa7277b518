import { join } from 'node:path'
import type { ChangeAssessment, ChangeTest } from '@upkeep/contract/change-step'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { trialTests } from '@upkeep/domain/changes/trial-tests'
import { wayBackTest } from '@upkeep/domain/changes/way-back-test'
import { rehearseRollback } from '@upkeep/engine/change/rehearse-rollback'
import type { Store } from '@upkeep/engine/store/store'
import { exactBytes } from './exact-bytes.ts'
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
      const there = new Set(trial.was.flatMap(({ kind, subject }) => (kind === 'declared-server' ? [subject.id] : [])))
      const ways = trial.servers.filter(({ subject }) => there.has(subject.id)).map(wayBackTest)
      const tests = [...bytes, rehearsed, ...ways, ...trial.servers.flatMap(trialTests)]
      // Of several clients that start the very same each test came to the same, and is said once.
      return [...new Map(tests.map((test) => [canonicalJson(test), test])).values()].slice(0, 200)
    },
  }
}
