import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxRun } from '@upkeep/contract'
import { findProgram } from '../ports/find-program.ts'
import { type ReadAttempts, readAttempts } from './read-attempts.ts'
import { isSystemPath } from './system-places.ts'

// A question mark passes over what this kernel does not know by that name.
const calls =
  'connect,sendto,sendmsg,sendmmsg,bind,execve,execveat,open,openat,openat2,creat,clone,clone3,fork,vfork,io_uring_setup'
const looks = 'stat,lstat,newfstatat,statx,access,faccessat,faccessat2,readlink,readlinkat'
// Work that is handed to the kernel over a ring is seen by no watcher: here there are no rings, and programs do without.
const options = [
  ...['-f', '-q', '-ttt', '-s', '64', '--seccomp-bpf', '--decode-pids=pidns', '-e', 'signal=none'],
  ...['-e', 'inject=?io_uring_setup:error=ENOSYS'],
]
const maxBytes = 16 << 20
const lookEveryMs = 50

let works: boolean | null = null

/** Whether system calls can be watched here: strace is installed, knows what is asked of it, and the kernel lets it. */
export function canWatchCalls(): boolean {
  works ??= triesOut()
  return works
}

function triesOut(): boolean {
  const program = findProgram('strace')
  if (program === null) return false
  const tried = spawnSync(program, [...options, '-e', traced(true), '-o', '/dev/null', '/bin/true'], { timeout: 5_000 })
  return tried.status === 0
}

function traced(reads: boolean): string {
  return `trace=${(reads ? `${calls},${looks}` : calls)
    .split(',')
    .map((name) => `?${name}`)
    .join(',')}`
}

/** The watcher stands outside: nothing inside can see or stop it. */
export function watching(folder: string, command: readonly string[], reads: boolean): readonly string[] {
  return [findProgram('strace') ?? 'strace', ...options, '-e', traced(reads), '-o', placeIn(folder), ...command]
}

export interface CallWatch {
  /** What was tried, once everything has ended. Null where there is nothing to read. */
  read(): ReadAttempts | null
}

/** Which paths are worth telling of where a run asks for reads: not the system's, the runtime's, or what was shown. Null where it does not ask. */
export function readsOf({ watch, shows }: Pick<SandboxRun, 'watch' | 'shows'>): ((path: string) => boolean) | null {
  if (watch !== 'reads') return null
  const own = ['/proc', '/dev', '/sys', '/etc', '/run', '/runtime', '/usr/local', ...shows.map(({ inside }) => inside)]
  const isOwn = (path: string) => own.some((folder) => path === folder || path.startsWith(`${folder}/`))
  const above = ancestors(shows)
  return (path) => !isOwn(path) && !isSystemPath(path) && !above.has(path)
}

/** Folders above what is shown: every look at a path passes them. */
function ancestors(shows: SandboxRun['shows']): Set<string> {
  const above = shows.flatMap(({ inside }) =>
    inside.split('/').map((_, at, parts) => parts.slice(0, at).join('/') || '/'),
  )
  return new Set(['/', '/usr', '/data', '/data/home', '/data/tmp', '/tmp', ...above])
}

/** Reads what the watcher writes in the end; until then it tells when that is more than anyone would read. */
export function watchCalls(
  folder: string,
  beganMs: number,
  onFlood: () => void,
  reads: ReturnType<typeof readsOf>,
): CallWatch {
  const path = placeIn(folder)
  const timer = setInterval(() => {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) onFlood()
  }, lookEveryMs)
  return {
    read() {
      clearInterval(timer)
      if (!existsSync(path)) return null
      const bytes = readFileSync(path)
      const found = readAttempts(bytes.subarray(0, maxBytes).toString('utf8'), beganMs, reads)
      return { ...found, cut: found.cut || bytes.length > maxBytes }
    },
  }
}

function placeIn(folder: string): string {
  return join(folder, 'watched')
}
