import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { LineDuplex } from '@upkeep/contract'
import type { StdioCommand } from './stdio-upstream.ts'

export interface LineProgram extends LineDuplex {
  stop(): Promise<void>
}

/** A server of ours as a child process that is talked to line by line. Not isolated: only for programs that the lab trusts. */
export function startLineProgram({ command, args, env, cwd }: StdioCommand): LineProgram {
  const child = spawn(command, [...args], { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', () => resolve())
  })
  child.stdin.on('error', () => {})
  return {
    send(line) {
      if (child.stdin.writable) child.stdin.write(`${line}\n`)
      return child.stdin.writable
    },
    lines: () => createInterface({ input: child.stdout }),
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** A program of a few lines of JavaScript. */
export function startScriptOf(script: string): LineProgram {
  return startLineProgram({ command: process.execPath, args: ['-e', script], env: {}, cwd: import.meta.dirname })
}
