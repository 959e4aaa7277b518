import type { FilesPort } from '@upkeep/contract/ports'

/** One process as the kernel counts it. `startTicks` are hundredths of a second since the machine was started. */
export interface ListedProcess {
  pid: number
  parent: number
  name: string
  cpuMs: number
  threads: number
  startTicks: number
}

const maxProcesses = 50_000
const tickMs = 10

/** Every process that is listed now; null where this system has no `/proc`. One that ends meanwhile is passed over. */
export function readProcesses(files: FilesPort): ListedProcess[] | null {
  const listed = files.list('/proc', maxProcesses)
  if (listed.state !== 'present') return null
  const found = listed.names.filter((name) => /^\d{1,10}$/.test(name)).map((pid) => readOne(files, Number(pid)))
  return found.filter((one) => one !== null)
}

/** Fields of proc(5) by their numbers there, counted after the name, which may hold anything. */
function readOne(files: FilesPort, pid: number): ListedProcess | null {
  const line = textOf(files, `/proc/${pid}/stat`)
  if (line === null) return null
  const [open, close] = [line.indexOf('('), line.lastIndexOf(')')]
  const fields = ['', '', '', ...line.slice(close + 2).split(' ')]
  if (fields[3] === 'Z' || fields[3] === 'X') return null
  const number = (at: number) => Number(fields[at] ?? 0)
  return {
    pid,
    parent: number(4),
    name: line.slice(open + 1, close).toWellFormed(),
    cpuMs: (number(14) + number(15)) * tickMs,
    threads: number(20),
    startTicks: number(22),
  }
}

/** When a process was started, in milliseconds since the epoch; null where the kernel does not say when it was started itself. */
export function startedAtMs(files: FilesPort, { startTicks }: ListedProcess): number | null {
  const began = /^btime (\d{1,12})$/m.exec(textOf(files, '/proc/stat') ?? '')?.[1]
  return began === undefined ? null : Number(began) * 1_000 + startTicks * tickMs
}

/** The text of a file of `/proc`; null where it is gone or may not be read. */
export function textOf(files: FilesPort, path: string): string | null {
  const read = files.read(path, 4 << 20)
  return read.state === 'present' ? new TextDecoder().decode(read.bytes) : null
}

/** A process and everything that it started, itself first. */
export function treeOf(root: ListedProcess, all: readonly ListedProcess[]): ListedProcess[] {
  const members = [root]
  for (const member of members)
    members.push(...all.filter((one) => one.parent === member.pid && !members.includes(one)))
  return members
}
