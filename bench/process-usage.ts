import { readFileSync } from 'node:fs'

/** The kernel counts the time of a process in hundredths of a second on every platform that has `/proc`. */
const tickMs = 10

/** The time that all threads of a process have computed so far, ms. */
export function cpuMsOf(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the process stands in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** What of the memory of a process is in RAM, bytes. */
export function memoryOf(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1_024
}
