import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ordinaryBounds, type SandboxOutcome, type SandboxRun } from '@upkeep/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { backendsHere, sandboxOf } from './testing/backends.ts'

const backends = await backendsHere()

const roots = ['/data/roots/0', '/data/roots/1'] as const
const tries = `
const fs = require('fs')
const said = {}
const attempt = (name, act) => { try { said[name] = String(act()) } catch (error) { said[name] = error.code } }
attempt('read', () => fs.readFileSync('/data/roots/0/in.txt', 'utf8'))
attempt('outside', () => fs.readFileSync('/data/roots/out.txt', 'utf8'))
attempt('beside', () => fs.readFileSync('/data/roots-not/out.txt', 'utf8'))
attempt('link', () => fs.readFileSync('/data/roots/0/link', 'utf8'))
attempt('laid', () => fs.readdirSync('/run/upkeep/laid').join())
attempt('write', () => fs.writeFileSync('/data/roots/0/new.txt', 'made'))
attempt('writeReadOnly', () => fs.writeFileSync('/data/roots/1/new.txt', 'made'))
attempt('writeOutside', () => fs.writeFileSync('/data/roots-not/new.txt', 'made'))
console.log(JSON.stringify(said))`

function run(over: Partial<SandboxRun> = {}): SandboxRun {
  return {
    argv: ['node', '-e', tries],
    env: {},
    cwd: '/data',
    shows: [],
    lays: [
      { path: `${roots[0]}/in.txt`, text: 'inside' },
      { path: `${roots[0]}/link`, linkTo: '/data/roots/out.txt' },
      { path: roots[1], folder: true },
      { path: '/data/roots/out.txt', text: 'canary' },
      { path: '/data/roots-not/out.txt', text: 'canary' },
    ],
    network: 'none',
    confined: {
      folders: [
        { path: roots[0], writable: true },
        { path: roots[1], writable: false },
      ],
    },
    readsBack: [`${roots[0]}/new.txt`, `${roots[1]}/new.txt`, '/data/roots-not/new.txt', '/data/roots/out.txt'],
    bounds: { ...ordinaryBounds, wallSeconds: 20 },
    ...over,
  }
}

for (const { launcher, works } of backends)
  describe.skipIf(!works)(`a confined run behind ${launcher.id}`, () => {
    const opened = sandboxOf(launcher)
    afterEach(() => expect(opened.leftFiles()).toEqual([]))

    async function outcomeOf(over: Partial<SandboxRun> = {}): Promise<SandboxOutcome> {
      const started = await opened.sandbox.start(run(over), ['files', 'network'])
      if ('state' in started) throw new Error(started.reason)
      return started.ended
    }

    test('it sees its folders and nothing else of what is laid out', async () => {
      const { transcript, readBack, leftBehind, stderr } = await outcomeOf()
      expect(stderr).toBe('')
      expect(JSON.parse(transcript[0]?.line ?? '{}')).toEqual({
        read: 'inside',
        outside: 'ENOENT',
        beside: 'ENOENT',
        link: 'ENOENT',
        laid: 'home,tmp',
        write: 'undefined',
        writeReadOnly: 'EROFS',
        writeOutside: 'ENOENT',
      })
      expect(readBack).toEqual({
        '/data/roots/0/new.txt': { state: 'present', text: 'made', cut: false },
        '/data/roots/1/new.txt': { state: 'absent' },
        '/data/roots-not/new.txt': { state: 'absent' },
        '/data/roots/out.txt': { state: 'present', text: 'canary', cut: false },
      })
      expect(leftBehind).toEqual([])
    })

    test('without walls of its own the same run reads what lies outside', async () => {
      const { confined: _, ...open } = run()
      const started = await opened.sandbox.start(open, ['files'])
      if ('state' in started) throw new Error(started.reason)
      const { transcript } = await started.ended
      expect(JSON.parse(transcript[0]?.line ?? '{}')).toMatchObject({ outside: 'canary', link: 'canary' })
    })

    test('what grows in a folder that it may write ends it, also where it closes the folder to others', async () => {
      const grow = `const fs = require('fs'); fs.mkdirSync('/data/roots/0/deep'); fs.chmodSync('/data/roots/0/deep', 0o300)
        const piece = Buffer.alloc(1 << 20); for (let at = 0; ; at += 1) fs.writeFileSync('/data/roots/0/deep/' + at, piece)`
      const bounds = { ...ordinaryBounds, wallSeconds: 20, diskBytes: 32 << 20 }
      const { ended, leftBehind } = await outcomeOf({ argv: ['node', '-e', grow], bounds })
      expect({ ended, leftBehind }).toEqual({ ended: 'disk', leftBehind: [] })
    })

    test.skipIf(process.getuid?.() !== 0)('as root nobody inside writes to what steers the machine', async () => {
      const script = `try { require('fs').writeFileSync('/proc/sys/vm/swappiness', '60'); console.log('wrote') } catch (error) { console.log(error.code) }`
      const { transcript } = await outcomeOf({ argv: ['node', '-e', script] })
      expect(transcript[0]?.line).toMatch(/^E(?:ROFS|ACCES)$/)
    })

    test('what it looks at outside is told where that is asked for', async (context) => {
      const backend = await opened.sandbox.backend()
      if ('state' in backend || !backend.watches) return context.skip('system calls cannot be watched here')
      const folder = mkdtempSync(join(tmpdir(), 'upkeep-test-shown-'))
      chmodSync(folder, 0o755)
      writeFileSync(join(folder, 'main.js'), `require('fs').existsSync('/home/ada/.notes'); ${tries}`)
      try {
        const { confined: _, ...open } = run({
          argv: ['node', '/srv/0/main.js'],
          shows: [{ outside: folder, inside: '/srv/0' }],
          watch: 'reads',
        })
        const started = await opened.sandbox.start(open, ['files'])
        if ('state' in started) throw new Error(started.reason)
        const { attempts } = await started.ended
        const of = (what: string) => attempts?.flatMap((one) => (one.what === what ? [one.target] : []))
        expect(of('read-outside')).toEqual(expect.arrayContaining(['/home/ada/.notes', '/data/roots/0/in.txt']))
        expect(of('read-outside')?.filter((path) => !/^\/(?:home|data)\//.test(path))).toEqual(['/srv/package.json'])
        expect(of('write')).toEqual(expect.arrayContaining(['/data/roots/0/new.txt']))
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  })
