import { readdirSync, readFileSync } from 'node:fs'

/** One process of a run, as the kernel counts it from outside. `started` tells it from a later one of the same number. */
export interface TreeMember {
  pid: number
  started: string
  threads: number
  cpuMs: number
  memoryBytes: number
}

// The kernel shows times in hundredths of a second, whatever its own clock.
const tickMs = 10

/** A process and everything below it. Complete for a run: what loses its parent inside is given to pid 1 inside. */
export function treeBelow(root: number): TreeMember[] {
  const members: TreeMember[] = []
  const waiting = [root]
  const seen = new Set<number>()
  for (let pid = waiting.pop(); pid !== undefined && members.length < 10_000; pid = waiting.pop()) {
    if (seen.has(pid)) continue
    seen.add(pid)
    const member = memberOf(pid)
    if (member === null) continue
    members.push(member)
    waiting.push(...childrenOf(pid))
  }
  return members
}

/** Whether that very process is still there; one that has ended and waits for its parent is not. */
export function stillRuns({ pid, started }: TreeMember): boolean {
  return memberOf(pid)?.started === started
}

/** How many threads the process namespace counts in which that process is the first; 0 where it may not be looked into. */
export function tasksInside(first: number): number {
  const list = `/proc/${first}/root/proc`
  const numbers = namesIn(list).filter((name) => /^\d+$/.test(name))
  return numbers.reduce((sum, name) => sum + Number(statFields(`${list}/${name}/stat`)?.[20] ?? 0), 0)
}

function childrenOf(pid: number): number[] {
  return namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '')
      .split(' ')
      .filter((one) => one !== '')
      .map(Number),
  )
}

function memberOf(pid: number): TreeMember | null {
  const fields = statFields(`/proc/${pid}/stat`)
  if (fields === null) return null
  // A first thread that ended leaves a zombie in whose name the others go on.
  if (fields[3] === 'X' || (fields[3] === 'Z' && Number(fields[20]) <= 1)) return null
  const ticks = [14, 15, 16, 17].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0)
  return {
    pid,
    started: fields[22] ?? '',
    threads: Number(fields[20] ?? 1),
    cpuMs: ticks * tickMs,
    memoryBytes: ownMemory(pid),
  }
}

/** Fields of proc(5) by their numbers there, counted after the name, which may hold anything. */
function statFields(path: string): string[] | null {
  const line = read(path)
  return line === null ? null : ['', '', '', ...line.slice(line.lastIndexOf(')') + 2).split(' ')]
}

/** What is its own: pages of programs and libraries are shared with others and would be counted many times. */
function ownMemory(pid: number): number {
  const status = read(`/proc/${pid}/status`) ?? ''
  return ['RssAnon', 'RssShmem'].reduce((sum, name) => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
    return sum + Number(kilobytes ?? 0) * 1_024
  }, 0)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
