import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { StorePlace } from '@upkeep/engine/store/store'

/** A real second process at work on the same store. */
export interface ChildAtWork {
  readonly process: ChildProcess
  /** Waits for the child to print exactly this line. */
  sees(line: string): Promise<void>
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
  const exit = once(child, 'exit')
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    for (const wake of waiting) wake()
  })
  async function sees(line: string): Promise<void> {
    while (!lines.includes(line)) {
      const next = new Promise<void>((resolve) => waiting.add(resolve))
      const end = exit.then(() => 'ended' as const)
      if ((await Promise.race([next, end])) === 'ended' && !lines.includes(line)) {
        throw new Error(`the child ended before it printed "${line}"`)
      }
    }
  }
  async function ended(): Promise<number | string> {
    await exit
    return child.exitCode ?? child.signalCode ?? 'unknown'
  }
  return { process: child, sees, lines, ended }
}
