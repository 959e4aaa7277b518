import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putBack } from './changed-files.ts'
import { type CrashFixture, canKill, crashFixture, expectAll, expectClosed, expectWhole } from './crash-fixture.ts'
import { upkeep } from './installation.ts'
import { killedAt, pointsOf } from './killed-product.ts'
import { said } from './product.ts'
import { canTrace } from './requirements.ts'
import { storedSteps } from './state-database.ts'
import { readTrace } from './trace.ts'

// npm run test:long stops at every point. The unit test of the engine stops at every point too, inside one process.
const stride = process.env.UPKEEP_LONG === undefined ? 29 : 1

describe.skipIf(!canKill)(
  'killed before any call that touches a file or the record (needs script and ssh-keygen)',
  () => {
    let fixture: CrashFixture
    beforeAll(async () => {
      fixture = await crashFixture()
    }, 300_000)
    afterAll(() => fixture.remove())

    test('while it makes a change: files are whole, and the next run ends it, once', async () => {
      const { program, installation, id, run } = fixture
      putBack(installation, 'old')
      const { end, points } = await pointsOf(installation, program, ['fix', '--change', id])
      expect(end.exitCode, said(end)).toBe(0)
      expectAll(installation, 'made', 'made')
      expect(points.length).toBeGreaterThan(70)
      for (let stop = 0; stop < points.length; stop += stride) {
        putBack(installation, 'old')
        const at = `before point ${stop}, ${points[stop]}`
        expect((await killedAt(installation, program, ['fix', '--change', id], stop)).signal, at).toBe('SIGKILL')
        expectWhole(installation, at)
        const isClosed = storedSteps(installation, id).at(-1)?.is === 'closed'
        const next = await run('fix', '--change', id)
        expect(next.exitCode, `${at}\n${said(next)}`).toBe(isClosed ? 2 : 0)
        expectAll(installation, 'made', at)
        expectClosed(installation, id, 'done')
      }
      console.log(`killed at ${Math.ceil(points.length / stride)} of ${points.length} points of making`)
    }, 3_600_000)

    test('while it takes one back: the same', async () => {
      const { program, installation, id, run } = fixture
      putBack(installation, 'made')
      const { end, points } = await pointsOf(installation, program, ['undo', id])
      expect(end.exitCode, said(end)).toBe(0)
      expectAll(installation, 'old', 'undone')
      expect(points.length).toBeGreaterThan(40)
      for (let stop = 1; stop < points.length; stop += stride) {
        putBack(installation, 'made')
        const at = `before point ${stop}, ${points[stop]}`
        expect((await killedAt(installation, program, ['undo', id], stop)).signal, at).toBe('SIGKILL')
        expectWhole(installation, at)
        const steps = storedSteps(installation, id)
        const began = steps.some(({ is }) => is === 'undoing')
        const next = await run(...(began ? ['fix', '--change', id] : ['undo', id]))
        expect(steps.at(-1)?.is === 'closed' && began ? [2] : [0, 1], `${at}\n${said(next)}`).toContain(next.exitCode)
        expectAll(installation, 'old', at)
        expectClosed(installation, id, 'rolled-back')
      }
      console.log(`killed at ${Math.ceil(points.length / stride)} of ${points.length} points of taking back`)
    }, 3_600_000)

    test.skipIf(!canTrace())('no call that alters a file is missing among them (needs strace)', async () => {
      const { program, installation, id } = fixture
      putBack(installation, 'old')
      const { points } = await pointsOf(installation, program, ['fix', '--change', id])
      putBack(installation, 'old')
      const log = join(installation.root, 'strace.log')
      const command = ['strace', '-f', '-s', '4096', '-e', 'trace=%file', '-o', log, program]
      const traced = await upkeep(installation, ['fix', '--change', id], { command })
      expect(traced.exitCode, said(traced)).toBe(0)
      const known = new Set(points.flatMap((point) => point.split(' ').slice(1)))
      // Folders above one that is made are made by the same call.
      for (const path of [...known]) if (path.startsWith(installation.home)) known.add(dirname(path))
      const touched = readTrace(log, installation.cwd).written.filter((path) =>
        path.startsWith(`${installation.home}/`),
      )
      expect(touched.length).toBeGreaterThan(20)
      expect(touched.filter((path) => !known.has(path) && path !== join(installation.home, '.config/upkeep'))).toEqual(
        [],
      )
    })
  },
)
