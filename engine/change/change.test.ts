import { chmodSync, chownSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { abandonChange, makeChange, takeBack } from './drive-change.ts'
import { recordStep, storedChange } from './record-step.ts'
import { ada, alone, approve, type MadeWorld, makeWorld, propose } from './testing/made-world.ts'

const one = '// mine\r\n{ "args": [ "server@1.0.0" ],\n  "x": 1 }'
const two = '{"a":"server@1.0.0","b":"server@1.0.0"}\n'
const names = ['one.json', 'two.json']
const back = { why: 'a test', signer: ada }

let made: MadeWorld
beforeEach(async () => {
  made = await makeWorld(names)
  made.write('one.json', one, 0o640)
  made.write('two.json', two, 0o600)
})
afterEach(() => made.drop())

/** Ours and nobody else's may lie beside the files. */
function beside(): string[] {
  return readdirSync(join(made.root, 'home')).sort()
}

describe('a change that is made and taken back', () => {
  test('writes what was planned, and undoing gives back the very same bytes and modes', async () => {
    const before = made.all()
    const state = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
    expect(state).toMatchObject({ phase: 'closed', outcome: 'done' })
    expect(made.text('one.json')).toBe(one.replace('1.0.0', '2.0.0'))
    expect(made.mode('one.json')).toBe('0640')
    expect(made.text('two.json')).toBe(two.replaceAll('1.0.0', '2.0.0'))
    const undone = await takeBack(made.world, state, back, alone)
    expect(undone).toMatchObject({ phase: 'closed', outcome: 'rolled-back', done: new Set() })
    expect(made.all()).toEqual(before)
    expect(beside()).toEqual(names)
    expect(await made.store.changes.open()).toEqual([])
  })

  test('asked for again it is nothing to do', async () => {
    await makeChange(made.world, await approve(made, await propose(made, names)), alone)
    await expect(propose(made, names)).rejects.toThrow('there is nothing to change')
  })

  test('what was kept for undoing shows nothing of the file', async () => {
    made.write('one.json', '"server@1.0.0" canary-of-a-secret')
    const state = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
    const folder = join(made.root, 'state')
    const texts = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [made.world.ports.files.read(join(entry.parentPath, entry.name), 1 << 28)] : [],
    )
    expect(texts.length).toBeGreaterThan(5)
    const all = texts.map((read) => (read.state === 'present' ? Buffer.from(read.bytes).toString('latin1') : ''))
    expect(all.filter((text) => text.includes('canary-of-a-secret'))).toEqual([])
    await takeBack(made.world, state, back, alone)
    expect(made.text('one.json')).toContain('canary-of-a-secret')
  })
})

describe('a change is not made', () => {
  const refused: readonly [string, RegExp, (state: ChangeState) => unknown][] = [
    ['where a file changed since it was planned', /no longer what change/, () => made.write('two.json', `${two} `)],
    ['where its mode changed since', /no longer what change/, () => chmodSync(made.path('two.json'), 0o644)],
    [
      'where the file became a link',
      /symbolic link/,
      () => {
        renameSync(made.path('two.json'), made.path('real'))
        symlinkSync(made.path('real'), made.path('two.json'))
      },
    ],
    ['where the file is gone', /not there/, () => rmSync(made.path('two.json'))],
    [
      'where an approval was written into the database',
      /not in the ledger/,
      (state) => {
        const forged = { ...state.steps.at(-1), id: 'forged', seq: state.next, is: 'approved' }
        const db = new DatabaseSync(join(made.root, 'state', 'state.db'))
        db.prepare('insert into change_steps (id, body, change_id, place, step) values (?, ?, ?, ?, ?)').run(
          'forged',
          JSON.stringify(forged),
          state.id,
          `${state.id}#${state.next}`,
          'approved',
        )
        db.close()
      },
    ],
  ]
  test.each(refused)('%s', async (_, message, meddle) => {
    const state = await approve(made, await propose(made, names))
    const before = made.text('one.json')
    await meddle(state)
    const stored = (await storedChangeOrSteps(state)) ?? state
    await expect(makeChange(made.world, stored, alone)).rejects.toThrow(message)
    expect(made.text('one.json')).toBe(before)
  })

  /** What the store says of it now, forged rows and all. */
  async function storedChangeOrSteps(state: ChangeState): Promise<ChangeState | null> {
    const db = new DatabaseSync(join(made.root, 'state', 'state.db'), { readOnly: true })
    const rows = db.prepare('select body from change_steps where change_id = ? order by seq').all(state.id)
    db.close()
    const steps = rows.map((row) => JSON.parse(String(row.body)))
    return { ...state, steps, next: steps.length }
  }

  test('where somebody wrote into the database that it was begun', async () => {
    const state = await propose(made, names)
    const head = { id: 'forged', at: state.proposedAt, change: state.id, seq: state.next }
    const forged = { ...head, is: 'applying' as const, holder: 'nobody' }
    const begun = { ...state, phase: 'applying' as const, steps: [...state.steps, forged], next: state.next + 1 }
    for (const [index, text] of [one, two].entries())
      made.world.kept.keep(state.id, `${index}-after`, Buffer.from(text.replaceAll('1.0.0', '2.0.0'), 'latin1'))
    await expect(makeChange(made.world, begun, alone)).rejects.toThrow('not in the ledger')
    expect([made.text('one.json'), made.text('two.json')]).toEqual([one, two])
  })

  test('without an approval, and with one of another plan', async () => {
    const state = await propose(made, names)
    await expect(makeChange(made.world, state, alone)).rejects.toThrow('nobody approved it')
    const approved = await approve(made, { ...state, digest: '0'.repeat(64) })
    await expect(makeChange(made.world, { ...approved, digest: state.digest }, alone)).rejects.toThrow(
      'what ada approved is not this plan',
    )
    expect(made.text('one.json')).toBe(one)
  })

  test('twice: a second worker that takes the same step is refused by the store', async () => {
    const state = await approve(made, await propose(made, names))
    await makeChange(made.world, state, alone)
    await expect(makeChange(made.world, state, alone)).rejects.toThrow()
    await expect(recordStep(made.world, state, { is: 'applied' })).rejects.toThrow()
  })

  test('an emergency waits for no proposal, and what waited finds the file changed', async () => {
    const waiting = await approve(made, await propose(made, ['one.json']))
    expect(await propose(made, ['one.json'], 'emergency')).toMatchObject({ phase: 'proposed' })
    made.write('one.json', '{"args":["other@1.0.0"]}\n')
    await expect(makeChange(made.world, waiting, alone)).rejects.toThrow(/changed|no longer/)
  })

  test('two open changes never touch the same file', async () => {
    const first = await propose(made, ['one.json'])
    await expect(propose(made, names)).rejects.toThrow(/is open and touches/)
    await abandonChange(made.world, first, 'a test', ada)
    expect(await propose(made, names)).toMatchObject({ phase: 'proposed' })
  })
})

test('a file behind a link is refused before there is a plan', async () => {
  renameSync(made.path('two.json'), made.path('real'))
  symlinkSync(made.path('real'), made.path('two.json'))
  await expect(propose(made, names)).rejects.toThrow(/symbolic link/)
})

// Only root can give a file away.
test.skipIf(process.getuid?.() !== 0)(
  'a file of another user is refused, and what was written is taken back',
  async () => {
    chownSync(made.path('two.json'), 4242, 4242)
    const end = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
    expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
    expect(end.undoing?.why).toMatch(/belongs to user 4242/)
    expect([made.text('one.json'), made.text('two.json')]).toEqual([one, two])
  },
)

test('a file that somebody else writes in the middle stays theirs, and the rest goes back', async () => {
  const state = await approve(made, await propose(made, names))
  let met = false
  const between = (call: string) => {
    if (call !== 'recorded effect-done' || met) return
    met = true
    writeFileSync(made.path('two.json'), 'theirs')
  }
  const end = await makeChange({ ...made.world, between }, state, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
  expect(made.text('one.json')).toBe(one)
  expect(made.text('two.json')).toBe('theirs')
})

test('a change that somebody wrote over at once is not said to be in force', async () => {
  const observe = async () => ({ holds: false, findings: [], pending: [] })
  const state = await approve(made, await propose(made, names))
  const end = await makeChange({ ...made.world, observe }, state, alone)
  expect(end.closing).toBe('made; a file of it is no longer as it was left')
})

test('somebody else wrote since: what cannot be taken back is left and named', async () => {
  const state = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
  made.write('one.json', 'theirs')
  const end = await takeBack(made.world, state, back, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back-in-part' })
  expect([...end.left]).toEqual([[0, 'somebody changed it since']])
  expect(made.text('one.json')).toBe('theirs')
  expect(made.text('two.json')).toBe(two)
})

test('somebody changed a part of ours: the rest is taken back, and that part is named', async () => {
  const state = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
  made.write('one.json', one.replace('1.0.0', '3.0.0'), 0o640)
  const revert = () => ({ state: 'reverted' as const, text: 'as far as it goes', left: ['args.0'] })
  const end = await takeBack({ ...made.world, revert }, state, back, alone)
  expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back-in-part' })
  expect([...end.left.values()]).toEqual(['taken back but for args.0, which somebody changed since'])
  expect(made.text('one.json')).toBe('as far as it goes')
  expect(made.text('two.json')).toBe(two)
})

class Killed extends Error {}

describe('stopped between any two calls', () => {
  test('making: every file is all old or all new, and going on ends it, once', async () => {
    const points = await pointsOf(async (state) => void (await makeChange(made.world, state, alone)))
    expect(points).toBeGreaterThan(20)
    for (let stop = 0; stop < points; stop += 1) {
      await begin()
      const before = made.all()
      const state = await approve(made, await propose(made, names))
      await expect(makeChange(stoppingAt(stop), state, alone)).rejects.toThrow(Killed)
      expectOldOrNew(before)
      const again = await storedChange(made.store, state.id)
      const end = await makeChange(made.world, again ?? state, alone)
      expect(end).toMatchObject({ phase: 'closed', outcome: 'done' })
      expect(made.text('one.json')).toBe(one.replace('1.0.0', '2.0.0'))
      expect(beside()).toEqual(names)
      expect(end.steps.filter(({ is }) => is === 'effect-done')).toHaveLength(2)
    }
  })

  test('taking back: the same', async () => {
    const points = await pointsOf(async (state) => {
      const done = await makeChange(made.world, state, alone)
      counting = true
      await takeBack(made.world, done, back, alone)
    }, false)
    expect(points).toBeGreaterThan(15)
    for (let stop = 0; stop < points; stop += 1) {
      await begin()
      const before = made.all()
      const done = await makeChange(made.world, await approve(made, await propose(made, names)), alone)
      const after = made.all()
      await expect(takeBack(stoppingAt(stop), done, back, alone)).rejects.toThrow(Killed)
      for (const name of names) expect([before[name], after[name]]).toContain(made.all()[name])
      const again = await storedChange(made.store, done.id)
      if (again === null) throw new Error('gone')
      const end = await finished(again)
      expect(end).toMatchObject({ phase: 'closed', outcome: 'rolled-back' })
      expect(made.all()).toEqual(before)
      expect(beside()).toEqual(names)
    }
  })

  let counting = true

  /** Stopped before its first step was stored, nothing of it is known; after the last one, all is done. */
  async function finished(again: ChangeState): Promise<ChangeState> {
    if (again.phase !== 'closed') return makeChange(made.world, again, alone)
    return again.done.size > 0 ? takeBack(made.world, again, back, alone) : again
  }

  async function begin(): Promise<void> {
    await made.drop()
    made = await makeWorld(names)
    made.write('one.json', one, 0o640)
    made.write('two.json', two, 0o600)
  }

  async function pointsOf(run: (state: ChangeState) => Promise<void>, counted = true): Promise<number> {
    const state = await approve(made, await propose(made, names))
    let points = 0
    counting = counted
    const count = () => {
      if (counting) points += 1
    }
    const world = made.world
    made = { ...made, world: { ...world, between: count } }
    await run(state)
    made = { ...made, world }
    return points
  }

  function stoppingAt(stop: number): MadeWorld['world'] {
    let met = 0
    const between = () => {
      met += 1
      if (met > stop) throw new Killed()
    }
    return { ...made.world, between }
  }

  function expectOldOrNew(before: Record<string, string>): void {
    for (const name of names) {
      const is = made.all()[name]
      expect([before[name], before[name]?.replaceAll('server@1.0.0', 'server@2.0.0')]).toContain(is)
      expect(existsSync(made.path(name))).toBe(true)
    }
  }
})
