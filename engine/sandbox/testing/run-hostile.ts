// Started by the tests as a program of its own, so that it can be given to another user and be killed: runs hostile servers behind one backend and prints what came of it.
import { launchers, openSandbox } from '../open-sandbox.ts'
import { selfTest } from '../self-test.ts'
import { path } from './backends.ts'
import { boundsOf, type HostileServer, hostileServers } from './hostile-servers.ts'

const [, , what = '', id = '', tempDir = '', home = ''] = process.argv
const seconds = home
const among = launchers.filter((launcher) => launcher.id === id)
const sandbox = openSandbox({ tempDir, path }, among)

async function runOne(server: HostileServer) {
  const run = { env: {}, cwd: '/data', shows: [], lays: [], network: 'none' as const, bounds: boundsOf(server) }
  const running = await sandbox.start({ argv: ['node', '-e', server.script], ...run }, [])
  if ('state' in running) return running
  if (server.stopAfterMs !== undefined) setTimeout(() => void running.stop(), server.stopAfterMs)
  const { ended, exitCode, leftBehind, stderrCut, wallMs, transcript } = await running.ended
  const longest = transcript.reduce((most, { line }) => Math.max(most, line.length), 0)
  return { ended, exitCode, leftBehind, stderrCut, wallMs, longest }
}

/** Prints its line once the server is up, and is then killed by the test. */
async function hold(): Promise<void> {
  // It kills our listener inside first: then only the kernel can know that we are gone.
  const script = `for (const pid of require('fs').readdirSync('/proc').filter((one) => /^\\d+$/.test(one) && Number(one) !== process.pid))
    try { process.kill(Number(pid), 'SIGKILL') } catch {}
    console.log('up'); require('child_process').spawn('sleep', ['${seconds}'], { detached: true }); setInterval(() => {}, 1000)`
  const run = {
    env: {},
    cwd: '/data',
    shows: [],
    lays: [],
    network: 'none' as const,
    bounds: boundsOf({ name: '', script, ends: 'wall-time' }),
  }
  const running = await sandbox.start({ argv: ['node', '-e', script], ...run }, [])
  if ('state' in running) throw new Error(running.reason)
  for await (const line of running.lines()) console.log(line)
}

if (what === 'hold') await hold()
else if (what === 'backend') console.log(JSON.stringify(await sandbox.backend()))
else if (what === 'escapes') console.log(JSON.stringify(await selfTest({ tempDir, path, home }, among)))
else {
  // Side by side: most of them wait for a bound, and runs must not hinder one another.
  const done = await Promise.all(hostileServers.map(async (server) => [server.name, await runOne(server)]))
  console.log(JSON.stringify(Object.fromEntries(done)))
}
