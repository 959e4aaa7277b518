import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { ordinaryBounds } from '@upkeep/contract'
import { canonicalJson, digestOfText } from '@upkeep/domain/canonical-json'
import { launchers, openSandbox } from '@upkeep/engine/sandbox/open-sandbox'
import { machineLine, median } from './machine.ts'

const limitMs = 150
const confinedLimitMs = 500
const cli = join(import.meta.dirname, '..', 'app', 'cli', 'main.ts')
const script = `console.log('up'); process.stdin.resume(); process.stdin.on('end', () => process.exit())`

/** From the call to the first line of a Node.js program, bare and behind each backend, by turns. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { n: { type: 'string', default: '30' } } })
  const tempDir = mkdtempSync(join(tmpdir(), 'upkeep-bench-'))
  const places = { tempDir, path: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` }
  const opened = launchers.map((launcher) => ({ id: launcher.id, sandbox: openSandbox(places, [launcher]) }))
  const here = []
  for (const one of opened) if (!('state' in (await one.sandbox.backend()))) here.push(one)
  const walls = confinedIn(tempDir)
  const bare: number[] = []
  const confined: number[] = []
  const added = new Map<string, number[]>(here.map(({ id }) => [id, []]))
  for (let round = 0; round < Number(values.n); round += 1) {
    const plain = await bareStart()
    bare.push(plain)
    confined.push((await firstLine([cli, ...walls])) - plain)
    // Each beside the bare start of its own turn: whatever else the machine does falls on both.
    for (const { id, sandbox } of here) added.get(id)?.push((await sandboxedStart(sandbox)) - plain)
  }
  rmSync(tempDir, { recursive: true, force: true })
  console.log(`sandbox: start to first line, n = ${values.n} each, median · ${machineLine()}`)
  console.log(`bare spawn ${median(bare).toFixed(1)} ms`)
  for (const [id, times] of added) printOverhead(id, median(times), median(bare), limitMs)
  // Node.js once more, to build the walls, and the walls twice: once empty, to see that they stand.
  printOverhead('run-confined', median(confined), median(bare), confinedLimitMs)
}

function printOverhead(id: string, milliseconds: number, bare: number, limit: number): void {
  const judged = milliseconds <= limit ? 'held' : 'NOT HELD'
  console.log(
    `${id.padEnd(16)} adds ${milliseconds.toFixed(1)} ms, ${(1 + milliseconds / bare).toFixed(2)} of the bare start · limit ${limit} ms, ${judged}`,
  )
  // A limit is a line of a benchmark; a check fails only beyond three times it.
  if (milliseconds > limit * 3) process.exitCode = 1
}

/** A script and the profile of its walls; the words of the launcher that starts it. */
function confinedIn(folder: string): string[] {
  const [file, profile] = [join(folder, 'program', 'main.js'), join(folder, 'walls.json')]
  mkdirSync(join(folder, 'program'))
  writeFileSync(file, script)
  const text = canonicalJson({
    format: 'upkeep-confinement/1',
    server: 'bench',
    words: ['bench'],
    start: { runtime: 'node', file, packages: null, searches: [], ownFrom: 1 },
    program: [join(folder, 'program')],
    places: [],
    network: 'none',
    variables: [],
    learned: { calls: 0, listed: null, called: [], watched: false, reached: [], ran: [], lookedFor: [] },
  })
  writeFileSync(profile, text)
  return ['run-confined', '--profile', profile, '--sealed', digestOfText(text), '--', 'bench']
}

function bareStart(): Promise<number> {
  return firstLine(['-e', script])
}

function firstLine(words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    let taken = 0
    child.once('error', reject)
    child.stdout.once('data', () => {
      taken = performance.now() - begun
      child.stdin.end()
    })
    child.once('close', () => resolve(taken))
  })
}

async function sandboxedStart(sandbox: ReturnType<typeof openSandbox>): Promise<number> {
  const begun = performance.now()
  const run = { env: {}, cwd: '/data', shows: [], lays: [], network: 'none' as const, bounds: ordinaryBounds }
  const process = await sandbox.start({ argv: ['node', '-e', script], ...run }, [])
  if ('state' in process) throw new Error(process.reason)
  let taken = 0
  for await (const _ of process.lines()) {
    taken = performance.now() - begun
    break
  }
  process.endInput()
  await process.ended
  return taken
}

await main()
