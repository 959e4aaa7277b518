import { join } from 'node:path'
import type { ChangeStep } from '@upkeep/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstWritten, fixWords, putBack } from './changed-files.ts'
import {
  type CrashFixture,
  canKill,
  crashFixture,
  expectAll,
  expectClosed,
  expectOnce,
  expectWhole,
} from './crash-fixture.ts'
import { killedAfter, killedAtTerminal, type Moment, momentsFrom } from './killed-product.ts'
import { said } from './product.ts'
import { lastChange, storedSteps } from './state-database.ts'

const isLong = process.env.UPKEEP_LONG !== undefined
// npm run test:long kills 200 times.
const kills = isLong ? 200 : 4
const undoKills = isLong ? 20 : 2

let fixture: CrashFixture
/** The change that is looked at: the one of the fixture first, then those that are proposed anew. */
let id: string

describe.skipIf(!canKill)('killed from outside at seeded moments (needs script and ssh-keygen)', () => {
  beforeAll(async () => {
    fixture = await crashFixture()
    id = fixture.id
  }, 300_000)
  afterAll(() => fixture.remove())

  test(`killed at ${kills} seeded moments from outside, files are whole, and no change is made twice`, async () => {
    const { program, installation, run } = fixture
    putBack(installation, 'made')
    await untilRolledBack()
    const dice = momentsFrom(20_261_127)
    const changes = new Set<string>()
    const usualMs = await timeOf(() => killedAtTerminal(installation, program, fixWords, never))
    id = lastChange(installation) ?? id
    let killed = 0
    let inWriting = 0
    for (let round = 0; killed < kills; round += 1) {
      expect(round, 'too few were still running').toBeLessThan(kills * 4)
      await untilRolledBack()
      const moment = momentOf(round, dice, usualMs)
      const wasKilled = await killedAtTerminal(installation, program, fixWords, moment)
      if (wasKilled) killed += 1
      const at = `in round ${round}, ${moment.milliseconds} ms after ${moment.file ?? 'the start'}`
      expectWhole(installation, at)
      id = lastChange(installation) ?? id
      if (wasKilled && !changes.has(id) && has(id, 'applying')) inWriting += 1
      changes.add(id)
      await untilClosed(at)
    }
    expect(inWriting).toBeGreaterThan(kills / 8)
    for (const one of changes) expectOnce(installation, one)
    const verified = await run('verify')
    expect(verified.exitCode, said(verified)).toBe(0)
    console.log(`killed ${killed} times, ${inWriting} of them after writing had begun, in ${changes.size} changes`)
  }, 3_600_000)

  test(`${undoKills} of taking back: the next run ends it, to the very bytes`, async () => {
    const { program, installation } = fixture
    id = fixture.id
    const dice = momentsFrom(1_127)
    let killed = 0
    for (let round = 0; killed < undoKills; round += 1) {
      expect(round, 'too few were still running').toBeLessThan(undoKills * 4)
      putBack(installation, 'made')
      if (await killedAfter(installation, program, ['undo', id], 150 + dice(350))) killed += 1
      expectWhole(installation, `in round ${round}`)
      await untilRolledBack()
      expectAll(installation, 'old', `in round ${round}`)
      expectClosed(installation, id, 'rolled-back')
    }
  }, 600_000)
})

/** One half anywhere from the start on; the other once the first file is written, while the other five are. */
function momentOf(round: number, dice: (below: number) => number, usualMs: number): Moment {
  if (round % 2 === 0) return { file: null, milliseconds: dice(Math.ceil(usualMs)) }
  return { file: join(fixture.installation.home, firstWritten), milliseconds: dice(60) }
}

const never: Moment = { file: '/nowhere', milliseconds: 0 }

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return performance.now() - from
}

function has(change: string, step: ChangeStep['is']): boolean {
  return storedSteps(fixture.installation, change).some(({ is }) => is === step)
}

/** What a person does next: goes on with what was approved, gives up what was not. */
async function untilClosed(at: string): Promise<void> {
  const { installation, run } = fixture
  const last = storedSteps(installation, id).at(-1)
  if (last === undefined || last.is === 'closed') return
  const approved = has(id, 'approved')
  const next = approved ? await run('fix', '--change', id) : await run('changes', id, '--abandon')
  expect(next.exitCode, `${at}\n${said(next)}`).toBe(0)
  expect(storedSteps(installation, id).at(-1)).toMatchObject({ is: 'closed' })
  expectAll(installation, approved ? 'made' : 'old', at)
}

async function untilRolledBack(): Promise<void> {
  const { installation, run } = fixture
  const last = storedSteps(installation, id).at(-1)
  if (last?.is === 'closed' && last.outcome !== 'done') return
  const back = await run(...(has(id, 'undoing') ? ['fix', '--change', id] : ['undo', id]))
  expect([0, 1], said(back)).toContain(back.exitCode)
  expectAll(installation, 'old', 'taken back')
}
