import { closeSync, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { isatty, ReadStream } from 'node:tty'
import type { TerminalStyle } from '@upkeep/engine/report/paint'
import type { PersonAtDoor } from '../operations/context.ts'
import { fileOfKey, signingKey, signText } from './sign-with-key.ts'

/**
 * The person at the terminal that this process belongs to, by the terminal's own device: what is piped into the command is not what they
 * said. Null where there is no terminal, such as in a scheduler, or on Windows (where none of this was tested).
 */
export function personAtTerminal(
  style: TerminalStyle,
  { beforeShowing, signal }: { beforeShowing(): void; signal: AbortSignal },
): PersonAtDoor | null {
  const handle = openTerminal()
  if (handle === null) return null
  closeSync(handle)
  return {
    style,
    show(text) {
      beforeShowing()
      const terminal = openTerminal()
      if (terminal === null) return
      writeSync(terminal, text)
      closeSync(terminal)
    },
    ask(question) {
      beforeShowing()
      return askTerminal(question, signal)
    },
    askSecret(question) {
      beforeShowing()
      return askUnseen(question, signal)
    },
    keyAt(path) {
      const key = signingKey(path, process.cwd())
      return { line: key.line, presence: key.presence, sign: (text) => signText(key, text) }
    },
    findKey: fileOfKey,
  }
}

function openTerminal(): number | null {
  try {
    const handle = openSync('/dev/tty', 'r+')
    if (isatty(handle)) return handle
    closeSync(handle)
    return null
  } catch {
    return null
  }
}

async function askTerminal(question: string, signal: AbortSignal): Promise<string | null> {
  const handle = openTerminal()
  if (handle === null) return null
  writeSync(handle, question)
  const input = new ReadStream(handle)
  const lines = createInterface({ input, terminal: false })
  try {
    const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
    const line = await Promise.race([lines.question('', { signal }), closed])
    return line === null ? null : line.trim().slice(0, 1_000)
  } finally {
    lines.close()
    input.destroy()
  }
}

/** Reads one line key by key, with the terminal's own echo off. Control-C and the end of the input give nothing. */
async function askUnseen(question: string, signal: AbortSignal): Promise<string | null> {
  const handle = openTerminal()
  if (handle === null) return null
  const input = new ReadStream(handle)
  input.setRawMode(true)
  writeSync(handle, question)
  try {
    return await new Promise<string | null>((resolve) => {
      let line = ''
      const stop = () => resolve(null)
      signal.addEventListener('abort', stop, { once: true })
      input.once('close', stop)
      input.setEncoding('utf8').on('data', (typed) => {
        const after = typedOn(line, String(typed))
        if (after.done) resolve(after.line)
        else line = after.line
      })
    })
  } finally {
    input.setRawMode(false)
    writeSync(handle, '\n')
    input.destroy()
  }
}

const maxSecret = 8_192
type Typing = { done: true; line: string | null } | { done: false; line: string }

/** The line as it is after these keys: a paste comes as many at once. */
function typedOn(before: string, keys: string): Typing {
  let line = before
  for (const key of keys) {
    if (key === '\r' || key === '\n') return { done: true, line }
    if (key === '\u0003' || key === '\u0004') return { done: true, line: null }
    line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : `${line}${key}`.slice(0, maxSecret)
  }
  return { done: false, line }
}
