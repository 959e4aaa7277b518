import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { StorePlace } from '@upkeep/engine/store/store'

/** A real second process at work on the same store. */
export interface ChildAtWork {
  readonly process: ChildProcess
  /** Waits for the child to print a line that is, or fits, this. */
  sees(wanted: string | RegExp): Promise<void>
  /** Everything that it printed so far. */
  readonly lines: readonly string[]
  /** Waits for its end; returns the exit code, or the signal's name. */
  ended(): Promise<number | string>
}

const prelude = `
  import { openStore } from '@upkeep/engine/store/open-store'
  const place = JSON.parse(process.env.PLACE)
`

/** Runs a module in a process of its own. It finds \`openStore\` and \`place\` in scope. */
export function runChild(place: StorePlace, code: string): ChildAtWork {
  const child = spawn(process.execPath, ['--input-type=module', '-e', prelude + code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PLACE: JSON.stringify(place) },
    cwd: import.meta.dirname,
  })
  // Not 'exit': lines may still be on their way then.
  const closed = once(child, 'close')
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    for (const wake of waiting) wake()
  })
  async function sees(wanted: string | RegExp): Promise<void> {
    const isThere = () => lines.some((line) => (typeof wanted === 'string' ? line === wanted : wanted.test(line)))
    while (!isThere()) {
      const next = new Promise<void>((resolve) => waiting.add(resolve))
      const end = closed.then(() => 'ended' as const)
      if ((await Promise.race([next, end])) === 'ended' && !isThere()) {
        throw new Error(`the child ended before it printed ${wanted}`)
      }
    }
  }
  async function ended(): Promise<number | string> {
    await closed
    return child.exitCode ?? child.signalCode ?? 'unknown'
  }
  return { process: child, sees, lines, ended }
}
