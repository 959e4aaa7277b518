import { readFileSync } from 'node:fs'
import { compose } from '@upkeep/app/compose'
import { thisProcess } from '@upkeep/app/machine'
import { ChangeInput, UserError } from '@upkeep/contract'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { abandonChange, makeChange } from '@upkeep/engine/change/drive-change'
import { planChange, proposeChange } from '@upkeep/engine/change/propose-change'
import { recordStep, storedChange } from '@upkeep/engine/change/record-step'
import { z } from 'zod'
import { cli } from './installation.ts'

/**
 * The product as it is composed, driven without a terminal: `propose <inputs.json>` plans, proposes and approves a change and prints its id;
 * `settle <inputs.json>` does so and makes it, again and again until nobody wrote in between.
 */
const [act = '', given = ''] = process.argv.slice(2)
const { context, close } = compose({
  machine: thisProcess(cli),
  signal: new AbortController().signal,
  progress: () => {},
  tell: () => {},
})
const world = await context.acts.changes()
const alone = { holder: 'a test', confirm: async () => {} }
const acts: Record<string, (of: ChangeWorld) => Promise<string>> = {
  propose,
  settle,
}
process.stdout.write(`${await acts[act]?.(world)}\n`)
await close()

async function propose(of: ChangeWorld): Promise<string> {
  const inputs = z.array(ChangeInput).parse(JSON.parse(readFileSync(given, 'utf8')))
  const plan = await planChange(of, { inputs, title: 'a test', class: 'normal', closes: [] })
  if (plan === null) throw new Error('there is nothing to change')
  // What is tried here is the making, not what it means: a change of versions that nobody tested is of no low risk.
  const calm = { ...of, assess: async () => ({ risk: 'low' as const, why: [], sheet: null }) }
  const state = await proposeChange(calm, plan, { requester: context.signer, reason: null })
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const said = { digest: state.digest, decision: 'approved', role: 'approver', reason: null, until } as const
  await recordStep(of, state, { is: 'approved', approval: { ...said, signer: context.signer } })
  return state.id
}

async function settle(of: ChangeWorld): Promise<string> {
  for (let turn = 0; turn < 100; turn += 1) {
    const id = await propose(of)
    const state = await storedChange(of.store, id)
    if (state === null) throw new Error('there is no such change')
    try {
      const end = await makeChange(of, state, alone)
      if (end.outcome === 'done') return id
    } catch (error) {
      // Written between plan and rehearsal, or between rehearsal and change: either way it is planned again.
      if (!(error instanceof UserError) || !['change-outdated', 'not-approved'].includes(error.code)) throw error
      await abandonChange(of, state, 'planned again', context.signer)
    }
  }
  throw new Error('somebody always wrote in between')
}
