import { Ring } from '@upkeep/contract/ring'
import { ringPlan } from '@upkeep/domain/changes/ring-plan'
import { makeChange } from '@upkeep/engine/change/drive-change'
import { alone, approve, makeWorld, propose } from '@upkeep/engine/change/testing/made-world'
import { machineLine, median } from './machine.ts'

const times = 15
const limits = { changeMs: 1_000, ringsMs: 5_000 }

/** Prints what one change costs from plan to second look, and how long a ring plan of 2,000 machines takes. Fails beyond three times a limit. */
async function main(): Promise<number> {
  const changes = [...(await changeTimes())].sort((one, other) => one - other)
  const rings = ringTime()
  process.stdout.write(`${machineLine()}\n`)
  process.stdout.write(
    `plan, apply and verify one edit of a file of 100 kB, without sandbox tests: median ${median(changes).toFixed(0)} ms, worst of ${times} ${(changes.at(-1) ?? 0).toFixed(0)} ms (limit ${limits.changeMs} ms)\n`,
  )
  process.stdout.write(
    `ring plan of 2,000 machines with 20,000 entries: ${rings.toFixed(0)} ms (limit ${limits.ringsMs} ms)\n`,
  )
  return median(changes) > 3 * limits.changeMs || rings > 3 * limits.ringsMs ? 1 : 0
}

async function changeTimes(): Promise<number[]> {
  const made = await makeWorld(['one.json'])
  const found: number[] = []
  try {
    for (let turn = 0; turn < times; turn += 1) {
      made.write('one.json', `{"args":["server@1.0.0"],"rest":"${'x'.repeat(100_000)}"}\n`)
      const from = performance.now()
      const state = await makeChange(made.world, await approve(made, await propose(made, ['one.json'])), alone)
      if (state.outcome !== 'done') throw new Error(`the change ended as ${state.outcome ?? state.phase}`)
      found.push(performance.now() - from)
    }
  } finally {
    await made.drop()
  }
  return found
}

function ringTime(): number {
  const rings = [
    Ring.parse({ name: 'canary', homes: Array.from({ length: 20 }, (_, index) => `machine-${index}`) }),
    Ring.parse({ name: 'part', homes: Array.from({ length: 20 }, (_, index) => `machine-${index}*`) }),
    Ring.parse({ name: 'all' }),
  ]
  const targets = Array.from({ length: 20_000 }, (_, index) => ({
    home: `machine-${index % 2_000}`,
    server: `server-${index % 10}`,
  }))
  const from = performance.now()
  const shares = ringPlan(rings, targets)
  const took = performance.now() - from
  if (shares.reduce((sum, share) => sum + share.targets.length, 0) !== targets.length)
    throw new Error('targets are lost')
  return took
}

process.exitCode = await main()
