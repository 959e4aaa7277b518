import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type SimulatedClock, simulatedClock } from '@upkeep/engine/kernel/clock'
import { z } from 'zod'
import { compose } from '../compose.ts'
import type { Context, PersonAtDoor } from './context.ts'
import type { Answer, Operation } from './operation.ts'
import { runOperation } from './run-operation.ts'

/** A real product on a home of its own: real files, real store, a clock that is set by the test. */
export interface TestProduct {
  home: string
  state: string
  clock: SimulatedClock
  /** What was told before the answers. */
  told: string[]
  /** What the person at the terminal answers to every question; null where there is no terminal. */
  answer: string | null
  write(name: string, text: string): void
  /** Declares these servers in a client's file: each a script that is there, started with one argument. */
  declare(servers: Record<string, string>): void
  run<Input extends z.ZodObject, Output extends z.ZodObject>(
    operation: Operation<Input, Output>,
    input?: z.input<Input>,
    actingAs?: string,
    /** Who is at the door for this one, if not who is there for all. */
    atDoor?: PersonAtDoor,
  ): Promise<Omit<Answer<unknown>, 'output'> & { output: z.output<Output> }>
  /** Works with the composed product itself, with somebody at the door who may be asked. */
  within<Result>(work: (context: Context) => Promise<Result>, person?: PersonAtDoor | null): Promise<Result>
}

let made = 0

/** A new folder whose name is all words and numbers: a name drawn at random is taken for a secret, and then hidden. */
function plainFolder(): string {
  made += 1
  const folder = join(tmpdir(), `upkeep-product-${process.pid}-${Date.now()}-${made}`)
  mkdirSync(folder, { mode: 0o700 })
  return folder
}

/** Composes the product anew for every operation, as every command does. `present`: who is at the door, if anybody. */
export function testProduct(
  env: Readonly<Record<string, string>> = {},
  present: PersonAtDoor | null = null,
): TestProduct {
  const root = plainFolder()
  const home = join(root, 'home')
  const state = join(root, 'state')
  mkdirSync(home)
  const clock = simulatedClock('2026-11-22T09:30:00.000Z')
  const told: string[] = []
  function write(name: string, text: string): void {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), text, { mode: 0o600 })
  }
  return {
    home,
    state,
    clock,
    told,
    answer: null,
    write,
    declare(servers) {
      write('server/package.json', '{"name":"server","version":"1.0.0"}')
      write('server/index.js', 'console.log("never started")')
      const script = join(home, 'server/index.js')
      const entries = Object.entries(servers).map(([name, word]) => [name, { command: 'node', args: [script, word] }])
      write('.cursor/mcp.json', JSON.stringify({ mcpServers: Object.fromEntries(entries) }))
    },
    async run(operation, input, actingAs, atDoor) {
      const person = atDoor ?? present ?? (this.answer === null ? null : answering(this.answer))
      return opened(actingAs, person, async (context) => {
        const answer = await runOperation(operation, context, input ?? {})
        const { stamps: _, ...output } = z.looseObject({}).parse(answer.output)
        return { ...answer, output: operation.output.parse(output) }
      })
    },
    within: (work, person = null) => opened(undefined, person, work),
  }
  async function opened<Result>(
    actingAs: string | undefined,
    person: PersonAtDoor | null,
    work: (context: Context) => Promise<Result>,
  ): Promise<Result> {
    // No two commands of a person fall on the same millisecond.
    clock.advance(1)
    const machine = {
      platform: 'linux',
      home,
      user: 'ada',
      env: { UPKEEP_HOME: state, ...env },
      cwd: home,
      nodePath: process.execPath,
      programPath: '/opt/upkeep/bin/upkeep.js',
    }
    const says = { progress: () => {}, tell: (line: string) => void told.push(line) }
    const request = { machine, actingAs, clock, signal: new AbortController().signal, person: () => person, ...says }
    const { context, close } = compose(request)
    try {
      return await work(context)
    } finally {
      await close()
    }
  }
}

/** A person without a key, who says the same to everything. */
function answering(answer: string): PersonAtDoor {
  const style = { width: 100, colour: false, ascii: true, verbose: false }
  const none = () => {
    throw new Error('there is no key')
  }
  return {
    style,
    show: () => {},
    ask: async () => answer,
    askSecret: async () => null,
    keyAt: none,
    findKey: () => null,
  }
}
