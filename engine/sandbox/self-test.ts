import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import type { Refusal, SandboxBackend } from '@upkeep/contract'
import { type Escape, escapeRun, escapes, type Prey } from './escapes.ts'
import type { Launcher } from './launcher.ts'
import { launchers, type SandboxPlaces, tryBackend } from './open-sandbox.ts'
import { openPrey } from './staging.ts'
import { startRun } from './start-run.ts'

/** What one backend did with one attempt. `left`: what could not be killed or removed. */
export interface EscapeResult {
  id: Escape['id']
  says: string
  held: boolean
  ended: string
  left: readonly string[]
}

/** One backend, and what it held; or why it is not at hand. */
export type BackendResult = { id: Launcher['id'] } & (
  | { state: 'tried'; backend: SandboxBackend; results: readonly EscapeResult[] }
  | Refusal
)

/** Tries to get out of each backend of this machine, for real, on a file and a listener made for it. */
export async function selfTest(
  places: SandboxPlaces & { home: string },
  among: readonly Launcher[] = launchers,
): Promise<BackendResult[]> {
  const own = { ...places, path: `${dirname(process.execPath)}:${places.path}` }
  const done: BackendResult[] = []
  for (const launcher of among) {
    const found = await tryBackend(launcher, own)
    if ('state' in found) done.push({ id: launcher.id, ...found })
    else {
      const results: EscapeResult[] = []
      for (const attempt of escapes) results.push(await tryEscape(attempt, { ...own, ...found }))
      done.push({ id: launcher.id, state: 'tried', backend: found.backend, results })
    }
  }
  return done
}

async function tryEscape(
  attempt: Escape,
  input: SandboxPlaces & { home: string; backend: SandboxBackend; launcher: Launcher },
): Promise<EscapeResult> {
  const { folder, remove } = openPrey(input.tempDir)
  const listener = await countingListener()
  const text = `canary-${randomBytes(12).toString('hex')}`
  const prey: Prey = { file: join(folder, 'canary'), text, home: input.home, users: realUsers(), port: listener.port }
  // Anyone may read it, and write beside it: nothing but the walls keeps a server from it.
  writeFileSync(prey.file, text, { mode: 0o644 })
  try {
    const process = await startRun(escapeRun(attempt, prey), input)
    const { id, says } = attempt
    if ('state' in process) return { id, says, held: false, ended: process.reason, left: [] }
    let output = ''
    for await (const line of process.lines()) output += `${line}\n`
    const outcome = await process.ended
    const written = readdirSync(folder).length > 2
    const seen = { outcome, output, connections: listener.count(), written, prey }
    const held = attempt.held(seen) && outcome.leftBehind.length === 0
    return { id, says, held, ended: outcome.ended, left: outcome.leftBehind }
  } finally {
    listener.close()
    remove()
  }
}

/** The first line of the real list that the sandbox's own does not have. */
function realUsers(): string {
  return readFileSync('/etc/passwd', 'utf8').split('\n')[1] ?? 'none'
}

function countingListener(): Promise<{ port: number; count(): number; close(): void }> {
  let count = 0
  const server = createServer((socket) => {
    count += 1
    socket.destroy()
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve({ port, count: () => count, close: () => server.close() })
    })
  })
}
