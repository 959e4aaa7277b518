import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { openStore } from '@upkeep/engine/store/open-store'
import { generateHomes } from '@upkeep/lab/fleet/homes'
import { sampleFinding } from '@upkeep/lab/postgres/sample-records'

const door = resolve(import.meta.dirname, '..', 'app', 'cli', 'main.ts')

/** Options of every bench that measures over a large state. */
export const largeStateOptions = {
  homes: { type: 'string', default: '2000' },
  findings: { type: 'string', default: '100000' },
  // Where an earlier run with --keep left what it made: making it takes longer than measuring.
  in: { type: 'string' },
  keep: { type: 'boolean', default: false },
} as const

export interface LargeStateAsked {
  readonly homes: string
  readonly findings: string
  readonly in?: string | undefined
  readonly keep: boolean
}

/** Measures over a state of that many homes, with five servers each, and findings: made for it, or where an earlier run left it. */
export async function withLargeState<Measured>(
  asked: LargeStateAsked,
  measure: (root: string) => Promise<Measured>,
): Promise<Measured> {
  const [homes, findings] = [Number(asked.homes), Number(asked.findings)]
  if (!homes || !findings) throw new Error('--homes and --findings take numbers above 0')
  const root = asked.in ?? mkdtempSync(join(tmpdir(), 'upkeep-bench-'))
  try {
    if (asked.in === undefined) await scannedHomes(root, homes)
    await addFindings(root, findings)
    return await measure(root)
  } finally {
    if (asked.keep || asked.in !== undefined) console.log(`kept in ${root}`)
    else rmSync(root, { recursive: true, force: true })
  }
}

/** Homes, and a real scan of them. */
async function scannedHomes(root: string, homes: number): Promise<void> {
  mkdirSync(stateIn(root), { mode: 0o700 })
  generateHomes({ out: join(root, 'homes'), homes, serversPerHome: 5, seed: 1 })
  await scanHomes(root)
}

/** Findings beside those that are open, until there are enough. They are of a duty that a scan here does not do: it would resolve them. */
async function addFindings(root: string, enough: number): Promise<void> {
  const store = await openStore({ stateDir: stateIn(root) })
  const open = (await store.findings.current()).filter(({ state }) => state !== 'resolved')
  const made = Array.from({ length: Math.max(0, enough - open.length) }, (_, index) => {
    const number = index + open.length
    const finding = sampleFinding(`added-${number}`, `a${number.toString(16).padStart(63, '0')}`)
    const name = `server-${number % 9_973}`
    return {
      ...finding,
      statement: {
        ...finding.statement,
        duty: 'performance-optimization',
        subject: { ...finding.statement.subject, id: `server:bench:${name}`, name },
        severity: number % 3 === 0 ? ('medium' as const) : finding.statement.severity,
        summary: `${finding.statement.summary} ${number}`,
      },
    }
  })
  for (let from = 0; from < made.length; from += 5_000) await store.findings.appendMany(made.slice(from, from + 5_000))
  await store.close()
}

/** A scan of all homes by another process. */
export function scanHomes(root: string): Promise<void> {
  const child = spawn(process.execPath, [door, 'scan', '--homes', join(root, 'homes'), '--json'], {
    env: envOf(root),
    stdio: 'ignore',
  })
  return new Promise((done, fail) =>
    child.once('exit', (code) => ([0, 1, 3].includes(code ?? -1) ? done() : fail(new Error(`scan: ${code}`)))),
  )
}

/** `upkeep serve` over a state, and the link that opens it once. */
export interface ServedState {
  readonly child: ChildProcessByStdio<null, null, Readable>
  readonly link: string
}

/** Starts it on a free port; nothing runs by itself. Who starts it ends it: `child.kill('SIGINT')`. */
export async function serveState(root: string): Promise<ServedState> {
  const child = spawn(process.execPath, [door, 'serve', '--port', '0', '--no-duties'], {
    env: envOf(root),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return { child, link: await linkOf(child.stderr) }
}

/** Opens the link; what a request is then sent with, as `name=value`. */
export async function sessionOf(link: string): Promise<string> {
  const entered = await fetch(link, { redirect: 'manual' })
  return (entered.headers.get('set-cookie') ?? '').split(';', 1)[0] ?? ''
}

function linkOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    // Read to the end: a log that nobody reads would stop the server.
    stream.on('data', (chunk) => {
      if (text.length < 100_000) text += chunk
      const link = /http:\/\/\S+\/enter\?link=\S+/.exec(text)?.[0]
      if (link !== undefined) resolve(link)
    })
    stream.on('end', () => reject(new Error(`serve ended: ${text.slice(0, 500)}`)))
  })
}

function stateIn(root: string): string {
  return join(root, 'state')
}

function envOf(root: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: root, UPKEEP_HOME: stateIn(root) }
}
