import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { generateHomes } from '@upkeep/lab/fleet/homes'
import { machineLine, median } from './machine.ts'
import { type MeasuredRun, measuredRun } from './measured-run.ts'

const door = resolve(import.meta.dirname, '..', 'app', 'cli', 'main.ts')
/** A round was done: nothing found, findings, something could not be evaluated. */
const doneCodes = [0, 1, 3]

interface Figures {
  homes: number
  scanMs: number
  readMs: number
  peakBytes: number
  stateBytes: number
}

/** `upkeep scan --homes` over generated homes, beside reading and parsing the same files, at a tenth of the size and in full. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      homes: { type: 'string', default: '2000' },
      servers: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      door: { type: 'string', default: door },
    },
  })
  const [homes, servers, rounds] = [values.homes, values.servers, values.rounds].map(Number)
  if (!homes || !servers || !rounds) throw new Error('--homes, --servers and --rounds take whole numbers above 0')
  console.log(`scan-homes: ${homes} homes × ${servers} servers, ${rounds} rounds, median · ${machineLine()}`)
  const root = mkdtempSync(join(tmpdir(), 'upkeep-bench-'))
  try {
    const small = await measure(root, Math.ceil(homes / 10), servers, rounds, values.door)
    const full = await measure(root, homes, servers, rounds, values.door)
    for (const figures of [small, full]) printFigures(figures)
    printGrowth(small, full)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function measure(
  root: string,
  homes: number,
  servers: number,
  rounds: number,
  program: string,
): Promise<Figures> {
  const out = join(root, `homes-${homes}`)
  generateHomes({ out, homes, serversPerHome: servers, seed: 1 })
  const scans: MeasuredRun[] = []
  const reads: MeasuredRun[] = []
  let stateBytes = 0
  // By turns, so that a busy moment of the machine falls on both.
  for (let round = 0; round < rounds; round += 1) {
    reads.push(await done(root, [join(import.meta.dirname, 'read-homes.ts'), out], join(root, 'none')))
    const stateDir = join(root, `state-${homes}-${round}`)
    mkdirSync(stateDir, { mode: 0o700 })
    scans.push(await done(root, [program, 'scan', '--homes', out, '--json'], stateDir))
    stateBytes = folderBytes(stateDir)
  }
  return {
    homes,
    scanMs: median(scans.map((one) => one.milliseconds)),
    readMs: median(reads.map((one) => one.milliseconds)),
    peakBytes: Math.max(...scans.map((one) => one.peakBytes ?? Number.NaN)),
    stateBytes,
  }
}

async function done(cwd: string, args: readonly string[], stateDir: string): Promise<MeasuredRun> {
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, UPKEEP_HOME: stateDir }
  const run = await measuredRun(process.execPath, args, { cwd, env, sampleEveryMs: 20 })
  if (doneCodes.includes(run.exitCode ?? -1)) return run
  throw new Error(`${args.join(' ')} ended with ${run.exitCode}: ${run.stderr.slice(0, 2_000)}`)
}

function printFigures({ homes, scanMs, readMs, peakBytes, stateBytes }: Figures): void {
  const parts = [
    `${homes} homes`,
    `scan ${(scanMs / 1_000).toFixed(2)} s`,
    `read and parse only ${(readMs / 1_000).toFixed(2)} s`,
    `ratio ${(scanMs / readMs).toFixed(1)}`,
    `peak memory ${(peakBytes / 1e6).toFixed(0)} MB`,
    `state ${(stateBytes / 1e6).toFixed(1)} MB`,
  ]
  console.log(parts.join(' · '))
}

/** Linear growth is a ratio at or below that of the sizes: fixed costs only lower it. */
function printGrowth(small: Figures, full: Figures): void {
  const size = full.homes / small.homes
  const time = full.scanMs / small.scanMs
  const verdict = time <= size * 1.15 ? 'linear or better' : 'MORE THAN LINEAR'
  console.log(`growth ${small.homes} -> ${full.homes} homes (× ${size}): time × ${time.toFixed(1)}, ${verdict}`)
  if (verdict !== 'linear or better') process.exitCode = 1
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

await main()
