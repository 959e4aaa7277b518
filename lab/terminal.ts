import { spawn } from 'node:child_process'

/** What a command on a terminal of its own printed, prompts and all, and how it ended. */
export interface OnTerminal {
  code: number | null
  screen: string
}

/** A prompt that is waited for, and the line that is typed then. */
export type Typed = readonly [prompt: string | RegExp, line: string]

interface OnTerminalOptions {
  env: Record<string, string | undefined>
  cwd: string
  types?: readonly Typed[]
}

const quietMs = 150

/**
 * Runs a command on a pseudo-terminal and types lines when their prompts show, one after the other. `script` of util-linux makes the terminal:
 * what reads the terminal's own device, such as a prompt for a passphrase, is answered too.
 */
export function onTerminal(
  command: readonly string[],
  { env, cwd, types = [] }: OnTerminalOptions,
): Promise<OnTerminal> {
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...env, TERM: 'dumb' }, cwd })
  let screen = ''
  let read = 0
  let at = 0
  let timer: NodeJS.Timeout | null = null
  function answer(): void {
    const next = types[at]
    if (next === undefined || timer !== null) return
    const [prompt, text] = next
    if (typeof prompt === 'string' ? !screen.slice(read).includes(prompt) : !prompt.test(screen.slice(read))) return
    at += 1
    read = screen.length
    // A prompt for a passphrase throws away what was typed before it turned the echo off.
    timer = setTimeout(() => {
      timer = null
      child.stdin.write(`${text}\n`)
      answer()
    }, quietMs)
  }
  child.stdin.on('error', () => undefined)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    answer()
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, screen }))
  })
}
