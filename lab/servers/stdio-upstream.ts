import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

interface Message {
  jsonrpc: '2.0'
  id?: string | number
  method?: string
}
/** How to start a server that is talked to over stdio. */
export interface StdioCommand {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
}

/** A server as a child process: nothing on the network reaches it. Answers find their request by id. */
export class StdioUpstream {
  readonly #child: ChildProcess
  readonly #waiting = new Map<string | number, { settle: (line: string) => void; fail: (error: Error) => void }>()

  constructor({ command, args, env, cwd }: StdioCommand) {
    this.#child = spawn(command, [...args], { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] })
    this.#child.on('error', () => this.#end())
    this.#child.on('exit', () => this.#end())
    this.#child.stdin?.on('error', () => this.#end())
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#receive(line))
  }

  /** Sends a request and gives the line that answers it, as it came. */
  request(message: Message & { id: string | number }): Promise<string> {
    return new Promise((settle, fail) => {
      this.#waiting.set(message.id, { settle, fail })
      this.notify(message)
    })
  }

  notify(message: Message): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      this.#child.once('exit', () => resolve())
      this.#child.kill('SIGKILL')
    })
  }

  #receive(line: string): void {
    const message = parsed(line)
    if (message?.id === undefined || message.method !== undefined) return
    this.#waiting.get(message.id)?.settle(line)
    this.#waiting.delete(message.id)
  }

  #end(): void {
    for (const { fail } of this.#waiting.values()) fail(new Error('the server ended'))
    this.#waiting.clear()
  }
}

/** The parts of a JSON-RPC message that routing needs; null for anything else. */
export function parsed(text: string): Message | null {
  try {
    const message: unknown = JSON.parse(text)
    return isMessage(message) ? message : null
  } catch {
    return null
  }
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null || !('jsonrpc' in value) || value.jsonrpc !== '2.0') return false
  if ('method' in value && typeof value.method !== 'string') return false
  // What is not structured is no message of JSON-RPC. Servers built on the SDK never answer it, and whoever asked would wait for nothing.
  if ('params' in value && (typeof value.params !== 'object' || value.params === null)) return false
  return !('id' in value) || typeof value.id === 'string' || typeof value.id === 'number'
}
