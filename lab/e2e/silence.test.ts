import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Installation, newInstallation, removeInstallation } from './installation.ts'
import { scan } from './product.ts'
import { storedFindings, storedRuns } from './state-database.ts'

const days = 30
// After the newest record of the pack: one that lies ahead of the clock is set aside until its day.
/** What one more run may cost on F1. */
const largestGrowth = 200_000

let installation: Installation
const sizes: number[] = []
let findingsAfterFirst = 0
beforeAll(async () => {
  installation = newInstallation(inject('fleet').home)
  for (let day = 0; day < days; day += 1) {
    const now = new Date(Date.UTC(2026, 11, 1 + day, 6)).toISOString()
    await scan(installation, [], { env: { UPKEEP_SIMULATED_CLOCK: now } })
    sizes.push(folderSize(installation.stateDir))
    if (day === 0) findingsAfterFirst = storedFindings(installation).length
  }
}, 600_000)
afterAll(() => removeInstallation(installation))

test('no finding and no change after the first run', () => {
  expect(findingsAfterFirst).toBeGreaterThan(0)
  expect(storedFindings(installation)).toHaveLength(findingsAfterFirst)
})

test('thirty completed runs of each duty, one a day, each stamped as simulated', () => {
  const runs = storedRuns(installation)
  const perDuty = Map.groupBy(runs, (run) => run.duty)
  expect(perDuty.size).toBeGreaterThan(2)
  for (const [duty, ofDuty] of perDuty) expect([duty, ofDuty.length]).toEqual([duty, days])
  expect(runs.filter((run) => run.clock !== 'simulated')).toEqual([])
  expect(runs.filter((run) => run.outcome !== 'completed')).toEqual([])
  expect(new Set(runs.map((run) => run.startedAt.slice(0, 10))).size).toBe(days)
})

test('what each run saw and concluded is the same object as the day before', () => {
  for (const [, ofDuty] of Map.groupBy(storedRuns(installation), (run) => run.duty)) {
    expect(new Set(ofDuty.slice(1).map((run) => run.verdicts)).size).toBe(1)
  }
})

test('the state grows by at most 200 kB a run, and no faster later than earlier', () => {
  const growth = sizes.slice(1).map((size, index) => size - (sizes[index] ?? 0))
  const half = Math.floor(growth.length / 2)
  const [earlier, later] = [growth.slice(0, half), growth.slice(-half)].map((part) =>
    part.reduce((sum, one) => sum + one, 0),
  )
  console.log(
    `state: ${sizes[0]} bytes after 1 run, ${sizes.at(-1)} after ${days}; mean growth ${mean(growth)} bytes a run`,
  )
  expect(mean(growth)).toBeLessThanOrEqual(largestGrowth)
  // The database grows in pages: a page more or less is no trend.
  expect(later).toBeLessThanOrEqual((earlier ?? 0) * 1.2 + 65_536)
})

function mean(values: readonly number[]): number {
  return Math.round(values.reduce((sum, one) => sum + one, 0) / values.length)
}

function folderSize(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
