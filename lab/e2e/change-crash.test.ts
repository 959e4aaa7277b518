import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changingInstallation, driver, keep, names, proposed, seen } from './changed-files.ts'
import { type Ended, ended, type Installation, removeInstallation, startUpkeep, upkeep } from './installation.ts'
import { said } from './product.ts'
import { storedSteps } from './state-database.ts'

const isLong = process.env.UPKEEP_LONG !== undefined
// npm run test:long stops at every point, and kills 200 times. The unit test of the engine stops at every point too, inside one process.
const stride = isLong ? 1 : 21
const kills = isLong ? 200 : 6

let installation: Installation
let id: string
let old: Record<string, string>
beforeEach(async () => {
  installation = changingInstallation()
  old = seen(installation)
  id = await proposed(installation)
})
afterEach(() => {
  rmSync(`${installation.root}-kept`, { recursive: true, force: true })
  removeInstallation(installation)
})

function drive(act: 'make' | 'undo', stop: number): Promise<Ended> {
  return upkeep(installation, [act, id, String(stop)], { command: [process.execPath, driver] })
}

async function points(act: 'make' | 'undo'): Promise<number> {
  const whole = await drive(act, -1)
  expect(whole.exitCode, said(whole)).toBe(0)
  return Number(whole.stdout)
}

/** Each file all of the old or all of the new. */
function expectWhole(made: Record<string, string>, at: string): void {
  const now = seen(installation)
  for (const name of names) expect([old[name], made[name]], `${name} ${at}`).toContain(now[name])
}

function expectNothingBeside(): void {
  for (const name of names.slice(0, 3))
    expect(readdirSync(dirname(join(installation.home, name))).filter((each) => each.includes('.upkeep-'))).toEqual([])
}

/** What the steps of the change say: how it ended, and that nothing was done twice. */
function expectClosed(outcome: string): void {
  const steps = storedSteps(installation, id)
  const done = steps.flatMap((step) => (step.is === 'effect-done' ? [step.index] : []))
  const undone = steps.flatMap((step) => (step.is === 'effect-undone' ? [step.index] : []))
  expect(new Set(done).size).toBe(done.length)
  expect(new Set(undone).size).toBe(undone.length)
  expect(steps.at(-1)).toMatchObject({ is: 'closed', outcome })
}

describe('killed by itself between any two calls', () => {
  test('while it makes a change: files are whole, and the next run ends it, once', async () => {
    const again = keep(installation)
    const count = await points('make')
    const made = seen(installation)
    expect(names.filter((name) => made[name] !== old[name])).toEqual(names)
    expect(count).toBeGreaterThan(40)
    for (let stop = 0; stop < count; stop += stride) {
      again()
      const killed = await drive('make', stop)
      expect(killed.signal, said(killed)).toBe('SIGKILL')
      expectWhole(made, `after point ${stop}`)
      const next = await upkeep(installation, ['fix', '--change', id])
      if (stop < count - 1) expect(next.exitCode, said(next)).toBe(0)
      expect(seen(installation), `after point ${stop}`).toEqual(made)
      expectNothingBeside()
      expectClosed('done')
    }
  }, 900_000)

  test('while it takes one back: the same', async () => {
    await points('make')
    const made = seen(installation)
    const again = keep(installation)
    const count = await points('undo')
    expect(seen(installation)).toEqual(old)
    expect(count).toBeGreaterThan(30)
    for (let stop = 1; stop < count; stop += stride) {
      again()
      expect((await drive('undo', stop)).signal).toBe('SIGKILL')
      expectWhole(made, `after point ${stop}`)
      const began = storedSteps(installation, id).some(({ is }) => is === 'undoing')
      const next = await upkeep(installation, began ? ['fix', '--change', id] : ['undo', id])
      expect([0, 1, 2], said(next)).toContain(next.exitCode)
      expect(seen(installation), `after point ${stop}`).toEqual(old)
      expectNothingBeside()
      expectClosed('rolled-back')
    }
  }, 900_000)
})

test(`killed at ${kills} seeded moments from outside, files are whole, and no change is made twice`, async () => {
  await points('make')
  const made = seen(installation)
  expect((await upkeep(installation, ['undo', id])).exitCode).toBe(0)
  let killed = 0
  let seed = 20_261_127
  for (let round = 0; round < kills; round += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    // Starting takes a few hundred milliseconds; the writing is behind it.
    const after = 300 + ((seed >>> 8) % 900)
    const end = await killedAfter(await nextCommand(), after)
    if (end.signal === 'SIGKILL') killed += 1
    expectWhole(made, `after ${after} ms in round ${round}`)
    const outcome = outcomeNow()
    if (outcome !== null) expect(seen(installation)).toEqual(outcome === 'done' ? made : old)
  }
  expect(killed).toBeGreaterThan(kills / 4)
  const verified = await upkeep(installation, ['verify'])
  expect(verified.exitCode, said(verified)).toBe(0)
}, 1_800_000)

/** How the change ended; null while it is open. */
function outcomeNow(): string | null {
  const last = storedSteps(installation, id).at(-1)
  return last?.is === 'closed' ? last.outcome : null
}

/** Makes what is open, takes back what was made, and proposes it anew. */
async function nextCommand(): Promise<readonly string[]> {
  if (outcomeNow() === 'done') return ['undo', id]
  if (outcomeNow() !== null) id = await proposed(installation)
  return ['fix', '--change', id]
}

async function killedAfter(args: readonly string[], milliseconds: number): Promise<Ended> {
  const child = startUpkeep(installation, args)
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  const result = await ended(child)
  clearTimeout(timer)
  return result
}
