import { randomBytes } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { z } from 'zod'

/**
 * Which process something was begun by, so that another can tell whether it still lives. A process number alone says little: it is given
 * out again, and containers count their own. `machine` is null where the system does not tell these apart; then nothing is concluded.
 */
export const ProcessIdentity = z.strictObject({
  pid: z.int(),
  host: z.string(),
  /** The boot of the kernel and the process namespace in which `pid` counts. */
  machine: z.string().nullable(),
  /** When the process started, in the kernel's ticks. */
  started: z.string().nullable(),
  nonce: z.string(),
})
export type ProcessIdentity = z.infer<typeof ProcessIdentity>

/** This process, at this moment: two calls differ in `nonce`. */
export function identifyProcess(): ProcessIdentity {
  const nonce = randomBytes(8).toString('hex')
  return { pid: process.pid, host: hostname(), machine: machineName(), started: startOf(process.pid), nonce }
}

export function writeIdentity(identity: ProcessIdentity): string {
  return canonicalJson(identity)
}

/** Null when the text is of another form. */
export function readIdentity(text: string): ProcessIdentity | null {
  try {
    return ProcessIdentity.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** True only when it is certain that the process has ended: it lived on this machine, and its number is free or given to another. */
export function hasEnded({ pid, machine, started }: ProcessIdentity): boolean {
  if (machine === null || started === null || machine !== machineName()) return false
  return startOf(pid) !== started
}

function machineName(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return null
  }
}

/** Field 22 of the process's stat line; the name before it may hold anything, so counting begins after its closing bracket. */
function startOf(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended; only its parent has not noticed.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}
