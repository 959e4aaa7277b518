import { ordinaryBounds, type SandboxRun } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { backendsHere, sandboxOf } from './testing/backends.ts'
import { openAndList, practiceServerRun } from './testing/talk-mcp.ts'

function shell(script: string, over: Partial<SandboxRun> = {}): SandboxRun {
  const plain = { env: {}, cwd: '/data', shows: [], lays: [], network: 'none' as const, bounds: ordinaryBounds }
  return { argv: ['sh', '-c', script], ...plain, ...over }
}

const here = await backendsHere()

describe.each(here)('$launcher.id', ({ launcher, works }) => {
  async function outcomeOf(run: SandboxRun) {
    const tried = sandboxOf(launcher)
    const process = await tried.sandbox.start(run, [])
    if ('state' in process) throw new Error(process.reason)
    const lines: string[] = []
    for await (const line of process.lines()) lines.push(line)
    const outcome = await process.ended
    expect(tried.leftFiles()).toEqual([])
    expect(outcome.leftBehind).toEqual([])
    tried.close()
    return { lines, outcome }
  }

  test.skipIf(!works)('a server made with the official SDK opens and lists its tools', async () => {
    const tried = sandboxOf(launcher)
    const process = await tried.sandbox.start(practiceServerRun(), ['files', 'network', 'users'])
    if ('state' in process) throw new Error(process.reason)
    const { opening, tools } = await openAndList(process)
    const outcome = await process.stop()
    expect(opening).toMatchObject({ serverInfo: { name: 'practice-stdio-server' } })
    expect(tools).toMatchObject({ tools: [{ name: 'add' }] })
    expect(outcome).toMatchObject({ ended: 'stopped', leftBehind: [], stderr: '' })
    expect(outcome.transcript.map(({ way }) => way)).toEqual(['in', 'out', 'in', 'in', 'out'])
    expect(tried.leftFiles()).toEqual([])
    tried.close()
  })

  test.skipIf(!works)(
    'its environment is the run’s own, with stand-ins that are named where they turn up',
    async () => {
      const run = shell('echo "$PLAIN"; echo "$TOKEN" >&2; env | grep = | cut -d= -f1 | sort', {
        env: { PLAIN: "it's $HOME\n2" },
        standIns: ['TOKEN', 'UNUSED'],
      })
      const { lines, outcome } = await outcomeOf(run)
      expect(lines).toEqual(["it's $HOME", '2', 'HOME', 'LANG', 'PATH', 'PLAIN', 'PWD', 'TMPDIR', 'TOKEN', 'UNUSED'])
      expect(outcome.standIns).toEqual([
        { name: 'TOKEN', seenIn: ['stderr'] },
        { name: 'UNUSED', seenIn: [] },
      ])
    },
  )

  test.skipIf(!works)('files are laid out fresh, and read back only when they are files', async () => {
    const run = shell(
      'cat /data/in/a; cat /tmp/b; echo new > /data/out; ln -s /etc/passwd /data/link; mkdir /data/folder',
      {
        lays: [
          { path: '/data/in/a', text: 'first\n' },
          { path: '/tmp/b', text: 'second\n', mode: 0o600 },
          { path: '/data/to', linkTo: 'in' },
        ],
        readsBack: ['/data/out', '/data/link', '/data/folder', '/data/none', '/data/to/a'],
      },
    )
    const { lines, outcome } = await outcomeOf(run)
    expect(lines).toEqual(['first', 'second'])
    expect(outcome.readBack).toEqual({
      '/data/out': { state: 'present', text: 'new\n', cut: false },
      '/data/link': { state: 'not-a-file' },
      '/data/folder': { state: 'not-a-file' },
      '/data/none': { state: 'absent' },
      '/data/to/a': { state: 'present', text: 'first\n', cut: false },
    })
  })

  test.skipIf(!works)('the user inside is nobody outside, and holds no capability', async () => {
    const { lines } = await outcomeOf(shell('id -u; grep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status'))
    const [uid, ...rights] = lines
    expect(Number(uid)).toBeGreaterThanOrEqual(1_000)
    expect(rights.find((line) => line.startsWith('CapEff'))).toBe('CapEff:\t0000000000000000')
    expect(rights).toContain('NoNewPrivs:\t1')
  })

  test.skipIf(!works)('programs beside it are reached over a loopback of their own', async () => {
    const sink = `require('http').createServer((_, answer) => answer.end('from the sink')).listen(4711, '127.0.0.1')`
    const ask = `fetch('http://127.0.0.1:4711').then((one) => one.text()).then((text) => console.log(text))`
    const run = { ...shell(''), argv: ['node', '-e', ask] as const, network: 'loopback' as const }
    const { lines, outcome } = await outcomeOf({ ...run, beside: [{ argv: ['node', '-e', sink], readyPort: 4711 }] })
    expect(lines).toEqual(['from the sink'])
    expect(outcome).toMatchObject({ ended: 'by-itself', exitCode: 0 })
  })

  test.skipIf(!works)('a program beside it that never listens: refused, and nothing is left', async () => {
    const tried = sandboxOf(launcher)
    const run = { ...shell('echo ran'), network: 'loopback' as const }
    const refused = await tried.sandbox.start({ ...run, beside: [{ argv: ['true'], readyPort: 4711 }] }, [])
    expect(refused).toMatchObject({
      state: 'unavailable',
      reason: 'port 4711 of the program beside it was never ready',
    })
    expect(tried.leftFiles()).toEqual([])
    tried.close()
  })

  test.skipIf(!works)('a place is not shown over what is the sandbox’s own', async () => {
    const tried = sandboxOf(launcher)
    for (const inside of ['/etc', '/data/x', '/', '/a/../etc'])
      expect(await tried.sandbox.start({ ...shell('true'), shows: [{ outside: '/srv', inside }] }, [])).toMatchObject({
        state: 'unavailable',
      })
    tried.close()
  })

  test.skipIf(!works)(
    'a place with a comma and a space is shown, or refused where the engine cannot be told of it',
    async () => {
      const shows = [{ outside: import.meta.dirname, inside: '/srv/a, b' }]
      const run = shell('ls "/srv/a, b"', { shows })
      if (launcher.id !== 'container-engine') {
        expect((await outcomeOf(run)).lines).toContain('sandbox.test.ts')
        return
      }
      const tried = sandboxOf(launcher)
      expect(await tried.sandbox.start(run, [])).toMatchObject({ reason: expect.stringMatching(/comma/) })
      tried.close()
    },
  )

  test.skipIf(!works)('a program that is not there ends by itself and says so', async () => {
    const { outcome } = await outcomeOf(shell('exec /nonexistent'))
    expect(outcome).toMatchObject({ ended: 'by-itself', exitCode: 127 })
  })
})

const works = here.find((one) => one.works)?.launcher
test.skipIf(works === undefined)('what a backend does not keep apart is not run with less, and is named', async () => {
  if (works === undefined) return
  const tried = sandboxOf({ ...works, isolates: ['files', 'disk'] })
  expect(await tried.sandbox.start(shell('true'), ['files', 'network', 'users'])).toMatchObject({
    state: 'unavailable',
    reason: `${works.id} does not keep apart: network, users`,
  })
  const allowed = await tried.sandbox.start(shell('true'), ['files'])
  expect('state' in allowed ? allowed : (await allowed.ended).ended).toBe('by-itself')
  tried.close()
})

test('no backend: refused, with the reason of each', async () => {
  const { openSandbox } = await import('./open-sandbox.ts')
  const sandbox = openSandbox({ tempDir: '/tmp', path: '' }, [])
  expect(await sandbox.start(shell('true'), [])).toMatchObject({ state: 'unavailable', code: 'not-supported' })
})
