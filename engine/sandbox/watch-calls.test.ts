import { ordinaryBounds, type SandboxRun } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { readAttempts } from './read-attempts.ts'
import { backendsHere, sandboxOf } from './testing/backends.ts'
import { canWatchCalls } from './watch-calls.ts'

const script = `
const { spawnSync } = require('node:child_process')
require('node:net').connect(9, '127.0.0.1').on('error', () => {})
require('node:dgram').createSocket('udp4').send('x', 53, '192.0.2.1', () => {})
require('node:fs').writeFileSync('/data/made', '')
try { require('node:fs').writeFileSync('/etc/passwd', '') } catch {}
spawnSync('/bin/sh', ['-c', 'exec ls /'])
setTimeout(() => process.exit(0), 400)`

function runOf(over: Partial<SandboxRun> = {}): SandboxRun {
  const plain = { env: {}, cwd: '/data', shows: [], lays: [], bounds: ordinaryBounds }
  return { argv: ['node', '-e', script], network: 'none', watch: true, ...plain, ...over }
}

describe.each(await backendsHere())('$launcher.id, watched', ({ launcher, works }) => {
  async function outcomeOf(run: SandboxRun) {
    const tried = sandboxOf(launcher)
    const process = await tried.sandbox.start(run, [])
    if ('state' in process) throw new Error(process.reason)
    const outcome = await process.ended
    expect([tried.leftFiles(), outcome.leftBehind]).toEqual([[], []])
    tried.close()
    return outcome
  }
  const needs = works && canWatchCalls()

  test.skipIf(!needs)('what a program tries is on record, with what the kernel said; what we do is not', async () => {
    const { attempts, attemptsCut, exitCode } = await outcomeOf(runOf())
    expect(exitCode).toBe(0)
    expect(attemptsCut).toBe(false)
    const tried = (what: string) =>
      (attempts ?? []).filter((one) => one.what === what).map(({ target, allowed }) => ({ target, allowed }))
    expect(tried('connect').map(({ target }) => target)).toEqual(
      expect.arrayContaining(['127.0.0.1:9', '192.0.2.1:53']),
    )
    expect(tried('connect').find(({ target }) => target === '192.0.2.1:53')?.allowed).toBe(false)
    expect(tried('write')).toEqual([
      { target: '/data/made', allowed: true },
      { target: '/etc/passwd', allowed: false },
    ])
    const executed = tried('execute').filter(({ allowed }) => allowed)
    expect(executed.map(({ target }) => target.split('/').at(-1))).toEqual(['node', 'sh', 'ls'])
  })

  test.skipIf(!needs)(
    'a program that tries nothing has an empty record; one that is not watched has none',
    async () => {
      const quiet: SandboxRun = runOf({ argv: ['sh', '-c', 'exit 0'] })
      const { attempts } = await outcomeOf(quiet)
      expect(attempts?.map(({ what, target }) => `${what} ${target.split('/').at(-1)}`)).toEqual(['execute sh'])
      expect((await outcomeOf({ ...quiet, watch: false })).attempts).toBeNull()
    },
  )
})

describe('read attempts', () => {
  const supervised = '7 100.0 execve("/bin/sh", ["/bin/sh", "/run/upkeep/supervise.sh"], 0x1 /* 3 vars */) = 0'
  const started = [
    supervised,
    "7 100.1 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 8 in strace's PID NS */",
    '8 100.2 execve("/usr/bin/prlimit", ["prlimit", "--nproc=1"], 0x1 /* 3 vars */) = 0',
  ]
  const connecting = (pid: number, at = '100.500') =>
    `${pid} ${at} connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ENETUNREACH (Network is unreachable)`

  test('a child whose birth stands behind what it did is still its parent’s', () => {
    const lines = [
      ...started,
      '8 100.3 vfork( <unfinished ...>',
      connecting(9),
      "8 100.6 <... vfork resumed>) = 3 /* 9 in strace's PID NS */",
    ]
    expect(readAttempts(lines.join('\n'), 100_000).attempts).toEqual([
      { what: 'connect', target: '192.0.2.1:80', allowed: false, atMs: 500 },
    ])
  })

  test('what the launcher and the supervisor do is left out', () => {
    expect(readAttempts([connecting(6), ...started, connecting(7)].join('\n'), 100_000).attempts).toEqual([])
  })

  test('ways that are not seen into make the record incomplete', () => {
    const ring = '8 100.7 io_uring_setup(64, {flags=0}) = 5'
    expect(readAttempts([...started, ring].join('\n'), 100_000)).toEqual({ attempts: [], cut: true })
  })

  test('text that a program writes is not taken for an answer of the kernel', () => {
    const line = '8 100.8 openat(AT_FDCWD, "/data/) = 0 O_WRONLY", O_RDONLY) = -1 ENOENT (No such file or directory)'
    expect(readAttempts([...started, line].join('\n'), 100_000).attempts).toEqual([])
  })
})
