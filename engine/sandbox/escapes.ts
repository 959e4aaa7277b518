import { ordinaryBounds, type SandboxOutcome, type SandboxRun } from '@upkeep/contract'

/** What of the real machine an attempt is made on. All of it was laid out for the attempt. */
export interface Prey {
  /** A file outside that anyone could read, and the text that only it holds. */
  file: string
  text: string
  /** The real home, and the real list of users. */
  home: string
  users: string
  /** A port of this machine on which a listener counts connections. */
  port: number
}

/** One way out that a hostile program would try, and whether what was seen afterwards shows that it was shut. */
export interface Escape {
  id:
    | 'reads-outside'
    | 'writes-outside'
    | 'connects-out'
    | 'forks-without-end'
    | 'fills-memory'
    | 'fills-disk'
    | 'outlives-its-parent'
  says: string
  /** JavaScript that tries, and prints what it got. */
  script(prey: Prey): string
  held(seen: { outcome: SandboxOutcome; output: string; connections: number; written: boolean; prey: Prey }): boolean
}

export const escapes: readonly Escape[] = [
  {
    id: 'reads-outside',
    says: 'read a file outside, the list of users, the real home',
    script: ({ file, home }) => `
      const fs = require('fs')
      const paths = ${JSON.stringify([file, `/proc/1/root${file}`, '/etc/passwd', '/etc/shadow'])}
      for (const path of paths) try { console.log(fs.readFileSync(path, 'utf8')) } catch {}
      try { console.log('HOME', JSON.stringify(fs.readdirSync(${JSON.stringify(home)}))) } catch {}
      console.log('tried')`,
    held: ({ output, prey }) =>
      output.includes('tried') &&
      !output.includes(prey.text) &&
      !output.includes(prey.users) &&
      !/^HOME \[".+\]$/m.test(output),
  },
  {
    id: 'writes-outside',
    says: 'write beside a file outside, and into the system',
    script: ({ file }) => `
      const fs = require('fs')
      for (const path of [${JSON.stringify(`${file}.written`)}, '/usr/written', '/etc/written', '/written', '/dev/written', '/run/upkeep/written'])
        try { fs.mkdirSync(require('path').dirname(path), { recursive: true }); fs.writeFileSync(path, 'x'); console.log('wrote', path) } catch {}
      console.log('tried')`,
    // A path below /tmp can be written inside: it is not that place outside.
    held: ({ output, prey, written }) =>
      !written && output.replace(`wrote ${prey.file}.written\n`, '').trim() === 'tried',
  },
  {
    id: 'connects-out',
    says: 'connect to a port of this machine',
    script: ({ port }) => `
      const tries = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '10.0.2.2', '169.254.1.1'].map((host) => new Promise((done) => {
        const socket = require('net').connect({ host, port: ${port} }, () => { console.log('connected'); done() })
        socket.on('error', done); setTimeout(done, 1500)
      }))
      Promise.all(tries).then(() => { console.log('tried'); process.exit() })`,
    held: ({ output, connections }) => output.trim() === 'tried' && connections === 0,
  },
  {
    id: 'forks-without-end',
    says: 'start processes without end',
    script: () => `
      const { spawn } = require('child_process')
      spawn('/bin/sh', ['-c', 'bomb() { bomb | bomb & }; bomb; bomb; sleep 30'], { detached: true }).on('error', () => {})
      // A bomb dies out where forking fails at once; this one goes on.
      const more = () => { try { spawn('/bin/sleep', ['60']).on('error', () => {}) } catch {} setTimeout(more, 5) }
      more()`,
    held: ({ outcome }) => outcome.ended === 'processes',
  },
  {
    id: 'fills-memory',
    says: 'take all memory',
    script: () =>
      `const kept = []; const more = () => { kept.push(Buffer.alloc(8 << 20, 1)); setImmediate(more) }; more()`,
    held: ({ outcome }) => outcome.ended === 'memory',
  },
  {
    id: 'fills-disk',
    says: 'fill the disk',
    script: () => `
      const fs = require('fs'); let at = 0
      const more = () => { try { fs.writeFileSync('/data/' + at++, Buffer.alloc(1 << 20)) } catch { } setTimeout(more, 1) }
      more()`,
    held: ({ outcome }) => outcome.ended === 'disk',
  },
  {
    id: 'outlives-its-parent',
    says: 'go on after its end',
    script: () => `
      const { spawn } = require('child_process')
      const sleeper = spawn('/bin/sh', ['-c', 'trap "" TERM HUP INT; sleep 300'], { detached: true, stdio: 'ignore' })
      sleeper.unref(); console.log('tried')`,
    held: ({ outcome, output }) => output.trim() === 'tried' && outcome.ended === 'by-itself',
  },
]

/** The run of one attempt: bounds that are met within moments. */
export function escapeRun(attempt: Escape, prey: Prey): SandboxRun {
  return {
    argv: ['node', '-e', attempt.script(prey)],
    env: {},
    cwd: '/data',
    shows: [],
    lays: [],
    network: 'none',
    bounds: {
      ...ordinaryBounds,
      wallSeconds: 30,
      cpuSeconds: 20,
      memoryBytes: 256 << 20,
      processes: 64,
      diskBytes: 16 << 20,
    },
  }
}
