import type { WatchedAttempt } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'

/** One system call as strace wrote it: who, when (seconds since the epoch), its name, its arguments, and what the kernel answered. */
interface TracedCall {
  pid: number
  at: number
  name: string
  args: string
  answer: string
}

export interface ReadAttempts {
  attempts: WatchedAttempt[]
  cut: boolean
}

const most = { attempts: 1_000, calls: 400_000, target: 400 }
const forks = /^(?:clone3?|fork|vfork)$/
const supervisor = '["/bin/sh", "/run/upkeep/supervise.sh"]'

/**
 * What the main program of a run and all that came of it tried, out of what strace wrote with `-f -ttt --decode-pids=pidns`. What the
 * launcher and the supervisor did is left out. `beganMs` is when the run began, in milliseconds since the epoch. `reads`: of which paths it is
 * told that they were looked at; null for none.
 */
export function readAttempts(
  text: string,
  beganMs: number,
  reads: ((path: string) => boolean) | null = null,
): ReadAttempts {
  const { calls, cut } = callsIn(text)
  const own = ownPids(calls)
  const found: WatchedAttempt[] = []
  const once = new Set<string>()
  let hidden = cut
  for (const call of calls) {
    if (!own.has(call.pid)) continue
    if (call.name === 'io_uring_setup' && /^\d/.test(call.answer)) hidden = true
    const tried = triedBy(call, reads)
    if (tried === null || isOurs(call)) continue
    const key = `${tried.what} ${tried.target} ${tried.allowed}`
    if (tried.what !== 'connect' && once.has(key)) continue
    once.add(key)
    if (found.length >= most.attempts) hidden = true
    else found.push({ ...tried, atMs: Math.max(0, Math.round(call.at * 1_000 - beganMs)) })
  }
  return { attempts: found, cut: hidden }
}

/** Calls that another process interrupted stand in two lines. */
function callsIn(text: string): { calls: TracedCall[]; cut: boolean } {
  const calls: TracedCall[] = []
  const begun = new Map<number, Omit<TracedCall, 'answer'>>()
  const lines = text.split('\n', most.calls)
  for (const line of lines) {
    const head = /^(\d{1,10}) +(\d{1,12}\.\d{1,9}) (.*)$/.exec(line)
    if (head === null) continue
    const [pid, at, rest = ''] = [Number(head[1]), Number(head[2]), head[3]]
    const resumed = /^<\.\.\. [a-z0-9_]+ resumed>/.exec(rest)?.[0]
    const first = resumed === undefined ? firstHalf(rest, pid, at) : begun.get(pid)
    if (first === undefined) continue
    const args = resumed === undefined ? first.args : `${first.args}${rest.slice(resumed.length)}`
    if (args.endsWith(' <unfinished ...>')) begun.set(pid, { ...first, args: args.slice(0, -17) })
    else calls.push({ ...first, ...split(args) })
  }
  return { calls, cut: lines.length === most.calls }
}

function firstHalf(rest: string, pid: number, at: number): Omit<TracedCall, 'answer'> | undefined {
  const open = rest.indexOf('(')
  const name = rest.slice(0, open)
  return /^[a-z0-9_]{1,30}$/.test(name) ? { pid, at, name, args: rest.slice(open + 1) } : undefined
}

/** The answer stands behind the last sign of equality: what a program says cannot be taken for it. */
function split(text: string): { args: string; answer: string } {
  const at = text.lastIndexOf(' = ')
  return at === -1 ? { args: text, answer: '' } : { args: text.slice(0, at), answer: text.slice(at + 3) }
}

/** The main program is the child of the supervisor that came last; all that it started is its own. */
function ownPids(calls: readonly TracedCall[]): Set<number> {
  const first = calls.find(({ name, args }) => name === 'execve' && args.includes(supervisor))?.pid
  const parents = new Map<number, number>()
  for (const { pid, name, answer } of calls) if (forks.test(name)) parents.set(childOf(answer), pid)
  const started = calls.filter(
    ({ pid, name, args, answer }) =>
      name === 'execve' && answer.startsWith('0') && parents.get(pid) === first && args.includes('["prlimit", '),
  )
  const main = started.at(-1)?.pid
  const own = new Set<number>()
  if (main === undefined) return own
  own.add(main)
  // A child is on record after its parent, but what it did may stand before the line that says so.
  for (const [child, parent] of parents) if (own.has(parent)) own.add(child)
  return own
}

/** Inside a namespace strace adds the number by which the child is known outside. */
function childOf(answer: string): number {
  const number = /^\d+ \/\* (\d+) in strace/.exec(answer)?.[1] ?? /^\d+/.exec(answer)?.[0]
  return number === undefined ? -1 : Number(number)
}

/** Until it becomes the program it is still ours. */
function isOurs({ name, args }: TracedCall): boolean {
  return /^exec/.test(name) && /^"[^"]*", \["(?:prlimit|env)", "(?:--nproc=|-i)/.test(args)
}

type Tried = Omit<WatchedAttempt, 'atMs'>

function triedBy({ name, args, answer }: TracedCall, reads: ((path: string) => boolean) | null): Tried | null {
  const allowed = /^\d/.test(answer) || answer.includes('EINPROGRESS')
  if (/^(?:connect|send)/.test(name)) return addressed('connect', args, allowed)
  if (name === 'bind') return addressed('listen', args, allowed)
  const path = /"((?:[^"\\]|\\.)*)"/.exec(args)?.[1]
  if (path === undefined) return null
  if (/^execve/.test(name)) return { what: 'execute', target: shown(path), allowed }
  const writes =
    name === 'creat' || /\bO_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)\b/.test(args.slice(args.indexOf(path) + path.length))
  if (writes) return isNowhere(path) ? null : { what: 'write', target: shown(path), allowed }
  return path.startsWith('/') && reads?.(path) === true ? { what: 'read-outside', target: shown(path), allowed } : null
}

/** Nothing is sent to port 0: so resolvers ask the kernel which way it would take. */
function addressed(what: 'connect' | 'listen', args: string, allowed: boolean): Tried | null {
  const port = /\bsin6?_port=htons\((\d{1,5})\)/.exec(args)?.[1]
  const four = /\bsin_addr=inet_addr\("([\d.]{7,15})"\)/.exec(args)?.[1]
  const six = /\binet_pton\(AF_INET6, "([0-9a-f:.]{2,45})"/.exec(args)?.[1]
  if (port === undefined || (what === 'connect' && port === '0')) return null
  if (four !== undefined) return { what, target: `${four}:${port}`, allowed }
  return six === undefined ? null : { what, target: `[${six}]:${port}`, allowed }
}

function isNowhere(path: string): boolean {
  return path === '/dev/null' || path === '/dev/tty'
}

function shown(path: string): string {
  return printable(path, { maxLength: most.target })
}
