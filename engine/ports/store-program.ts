import { spawn } from 'node:child_process'

/** How the program of a store ended, and what it said. `code` is null where it was ended, or could not be started. */
export interface StoreProgramEnd {
  code: number | null
  out: string
  err: string
}

/** Long enough for a person who is asked to unlock the store. */
const answerMs = 60_000
const maxBytes = 1 << 20

/**
 * Runs the program of a store of secrets. What is secret goes in by `input` and comes out by `out`, never in `words`, which others on the
 * machine can read. Without `input` its standard input is empty. `piped`: for a program that reads a pipe and nothing else; Node hands
 * over a socket.
 */
export function runStoreProgram(
  program: string,
  words: readonly string[],
  { env, input, piped = false }: { env: NodeJS.ProcessEnv; input?: string; piped?: boolean },
): Promise<StoreProgramEnd> {
  const [file, args] = piped ? ['/bin/sh', ['-c', 'cat | "$0" "$@"', program, ...words]] : [program, [...words]]
  return new Promise((resolve) => {
    const said = { out: '', err: '' }
    const child = spawn(file, args, {
      env,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      timeout: answerMs,
      killSignal: 'SIGKILL',
    })
    const gather = (into: keyof typeof said) => (text: string) => {
      if (said[into].length < maxBytes) said[into] += text
    }
    child.stdout?.setEncoding('utf8').on('data', gather('out'))
    child.stderr?.setEncoding('utf8').on('data', gather('err'))
    // One that ends without reading all of it says by its code how it went.
    child.stdin?.on('error', () => {}).end(input)
    child.on('error', () => resolve({ code: null, out: '', err: '' }))
    child.on('close', (code) => resolve({ code, ...said }))
  })
}
