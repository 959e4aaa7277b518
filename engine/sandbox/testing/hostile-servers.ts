import { ordinaryBounds, type SandboxBounds, type SandboxOutcome } from '@upkeep/contract'

/** A server that misbehaves in one way, and how a run of it must end. */
export interface HostileServer {
  name: string
  script: string
  bounds?: Partial<SandboxBounds>
  ends: SandboxOutcome['ended']
  /** Stop it after that many milliseconds, as whoever asked would after waiting in vain. */
  stopAfterMs?: number
}

const node = { loop: 'setInterval(() => {}, 1000);' }

export const hostileServers: readonly HostileServer[] = [
  {
    name: 'ignores every signal that can be ignored',
    script: `for (const one of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1']) process.on(one, () => {}); console.log('up'); ${node.loop}`,
    stopAfterMs: 1_500,
    ends: 'stopped',
  },
  {
    name: 'floods standard output with a gigabyte',
    script: `const piece = Buffer.alloc(1 << 20, 'x\\n'); let left = 1024; const more = () => { if (left-- > 0) process.stdout.write(piece, more) }; more()`,
    ends: 'flooded',
  },
  {
    name: 'floods standard error with a gigabyte',
    script: `const piece = Buffer.alloc(1 << 20, 'x\\n'); let left = 1024; const more = () => { if (left-- > 0) process.stderr.write(piece, more) }; more()`,
    ends: 'flooded',
  },
  {
    name: 'sends a line of a hundred megabytes',
    script: `const piece = Buffer.alloc(1 << 20, 'x'); let left = 100; const more = () => { if (left-- > 0) process.stdout.write(piece, more); else console.log() }; more()`,
    bounds: { outputBytes: 200 << 20 },
    ends: 'line-too-long',
  },
  {
    name: 'answers with JSON that is nested a million deep',
    script: `console.log('['.repeat(1e6) + ']'.repeat(1e6))`,
    ends: 'by-itself',
  },
  { name: 'never answers', script: node.loop, bounds: { wallSeconds: 2 }, ends: 'wall-time' },
  { name: 'burns the processor', script: 'while (true);', bounds: { cpuSeconds: 1 }, ends: 'cpu-time' },
  {
    name: 'stops and kills whatever it can see',
    script: `for (const pid of require('fs').readdirSync('/proc').filter((one) => /^\\d+$/.test(one) && Number(one) !== process.pid))
      for (const signal of ['SIGSTOP', 'SIGKILL']) try { process.kill(Number(pid), signal) } catch {}
      console.log('up'); ${node.loop}`,
    stopAfterMs: 1_500,
    ends: 'stopped',
  },
  {
    name: 'writes one file that is too large',
    script: `require('child_process').execFileSync('/bin/sh', ['-c', 'exec head -c 40000000 /dev/zero > /data/large; echo no'], { stdio: 'inherit' })`,
    bounds: { fileBytes: 1 << 20 },
    ends: 'by-itself',
  },
  {
    name: 'hides processes in a process group and a session of their own',
    script: `for (let i = 0; i < 5; i++) require('child_process').spawn('/bin/sh', ['-c', 'trap "" TERM HUP; sleep 300 & sleep 300'], { detached: true, stdio: 'inherit' }).unref(); setTimeout(() => process.exit(7), 300)`,
    ends: 'by-itself',
  },
]

export function boundsOf(server: HostileServer): SandboxBounds {
  return { ...ordinaryBounds, wallSeconds: 25, ...server.bounds }
}
