import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putBack, sameAs } from './changed-files.ts'
import { type CrashFixture, canKill, crashFixture, expectAll, expectClosed } from './crash-fixture.ts'
import { type Ended, ended, startUpkeep } from './installation.ts'
import { said } from './product.ts'
import { changeIds, storedSteps } from './state-database.ts'

let fixture: CrashFixture

/** The installed product, so often at the same time. */
function atOnce(...commands: readonly (readonly string[])[]): Promise<Ended[]> {
  const { installation, program } = fixture
  return Promise.all(commands.map((args) => ended(startUpkeep(installation, args, { command: [program] }))))
}

describe.skipIf(!canKill)('two processes of the installed product at once (needs script and ssh-keygen)', () => {
  beforeAll(async () => {
    fixture = await crashFixture()
  }, 300_000)
  afterAll(() => fixture.remove())

  test('make one change once: the other waits, and sees that it is done', async () => {
    const { installation, id, run } = fixture
    putBack(installation, 'old')
    const ends = await atOnce(['fix', '--change', id], ['fix', '--change', id])
    // Who comes second sees that it is done; who comes later still, that it is closed.
    for (const end of ends) expect([0, 2], said(end)).toContain(end.exitCode)
    for (const { exitCode, stderr } of ends) if (exitCode === 2) expect(stderr).toMatch(/is closed: done/)
    expectAll(installation, 'made', 'made by two')
    expectClosed(installation, id, 'done')
    expect(storedSteps(installation, id).filter(({ is }) => is === 'applying')).toHaveLength(1)
    expect((await run('verify')).exitCode).toBe(0)
  })

  test('making and taking back never mix on one file: all is old or all is new, and each step has its place', async () => {
    const { installation, id, run } = fixture
    putBack(installation, 'made')
    const ends = await atOnce(['undo', id], ['fix', '--change', id], ['undo', id])
    expect(ends.filter(({ exitCode }) => exitCode === 0).length, ends.map(said).join('\n')).toBeGreaterThan(0)
    expectAll(installation, 'old', 'taken back by one')
    expectClosed(installation, id, 'rolled-back')
    expect(storedSteps(installation, id).map(({ seq }) => seq)).toEqual(
      storedSteps(installation, id).map((_, at) => at),
    )
    expect((await run('verify')).exitCode).toBe(0)
  })

  test('asked for at once by two, a file has one open change', async () => {
    const { installation, id, run } = fixture
    putBack(installation, 'made')
    expect((await run('undo', id)).exitCode).toBe(0)
    const asked = ['fix', 'gh', '--move-secrets', '--reason', 'No secret shall lie there.']
    await atOnce(asked, asked)
    const open = changeIds(installation).filter((one) => storedSteps(installation, one).at(-1)?.is !== 'closed')
    expect(open).toHaveLength(1)
    expect(sameAs(installation, 'old')).not.toContain(false)
  })
})
