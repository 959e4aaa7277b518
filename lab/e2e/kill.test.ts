import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ended, type Installation, newInstallation, removeInstallation, startUpkeep, upkeep } from './installation.ts'
import { doneCodes, said, scan, verify } from './product.ts'
import { storedRuns } from './state-database.ts'

// npm run test:long kills ten times as often.
const kills = process.env.UPKEEP_LONG === undefined ? 12 : 120

let installation: Installation
let wholeRound: string[]
let roundMs: number
beforeAll(async () => {
  installation = newInstallation(inject('fleet').home)
  await scan(installation)
  const from = performance.now()
  await scan(installation)
  roundMs = Math.ceil(performance.now() - from)
  wholeRound = dutiesOfRounds(installation).at(-1) ?? []
})
afterAll(() => removeInstallation(installation))

test(`killed at ${kills} random moments: each time the next scan completes, no half round counts, the ledger verifies`, async () => {
  expect(wholeRound.length).toBeGreaterThan(2)
  let killed = 0
  for (let round = 0; round < kills; round += 1) {
    const after = randomInt(1, roundMs + 50)
    const cut = await killAfter(after)
    if (cut) killed += 1
    const next = await upkeep(installation, ['scan'])
    expect(doneCodes, `after a kill at ${after} ms\n${said(next)}`).toContain(next.exitCode)
    const verified = await verify(installation)
    expect(verified.exitCode, `after a kill at ${after} ms\n${said(verified)}`).toBe(0)
    for (const duties of dutiesOfRounds(installation)) expect(duties).toEqual(wholeRound)
  }
  // Random moments up to the length of a round: some have to fall inside it.
  expect(killed).toBeGreaterThan(0)
}, 600_000)

async function killAfter(milliseconds: number): Promise<boolean> {
  const child = startUpkeep(installation, ['scan'])
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  const result = await ended(child)
  clearTimeout(timer)
  return result.signal === 'SIGKILL'
}

/** The duties of each round that have a completed run, sorted: a half round would have fewer. */
function dutiesOfRounds(of: Installation): string[][] {
  const completed = storedRuns(of).filter((run) => run.outcome === 'completed')
  return [...Map.groupBy(completed, (run) => run.round).values()].map((runs) => runs.map((run) => run.duty).sort())
}
