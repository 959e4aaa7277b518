import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { machineLine, median } from './machine.ts'
import { measuredRun } from './measured-run.ts'

const bin = resolve(import.meta.dirname, '..', 'dist', 'bin', 'upkeep.js')

/** What is started, and how much longer than an empty Node it may take. */
const starts: readonly { name: string; args: readonly string[]; limit: number | null }[] = [
  { name: 'node -e 0', args: ['-e', '0'], limit: null },
  { name: 'upkeep --version', args: [bin, '--version'], limit: 1.5 },
  { name: 'upkeep --help', args: [bin, '--help'], limit: 2 },
]

/** Start of the built program beside an empty Node, by turns; the first starts of each, which fill the compile cache, do not count. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { n: { type: 'string', default: '40' }, warm: { type: 'string', default: '3' } },
  })
  if (!existsSync(bin)) throw new Error('there is no dist/bin/upkeep.js: run `npm run build` first')
  const home = mkdtempSync(join(tmpdir(), 'upkeep-start-'))
  const env = { PATH: process.env.PATH ?? '', HOME: home, UPKEEP_HOME: join(home, 'state') }
  const times = starts.map((): number[] => [])
  const total = Number(values.n) + Number(values.warm)
  for (let round = 0; round < total; round += 1) {
    for (const [index, { args, name }] of starts.entries()) {
      const run = await measuredRun(process.execPath, args, { cwd: home, env, sampleEveryMs: null })
      if (run.exitCode !== 0) throw new Error(`${name} ended with ${run.exitCode}: ${run.stderr.slice(0, 2_000)}`)
      if (round >= Number(values.warm)) times[index]?.push(run.milliseconds)
    }
  }
  rmSync(home, { recursive: true, force: true })
  console.log(`start-up: n = ${values.n} each, median, second start and later · ${machineLine()}`)
  printRatios(times)
}

function printRatios(times: readonly (readonly number[])[]): void {
  const empty = median(times[0] ?? [])
  for (const [index, { name, limit }] of starts.entries()) {
    const taken = median(times[index] ?? [])
    const ratio = taken / empty
    const judged = limit === null ? '' : ` · limit ${limit}, ${ratio <= limit ? 'held' : 'NOT HELD'}`
    console.log(`${name.padEnd(18)} ${taken.toFixed(1)} ms · ratio ${ratio.toFixed(2)}${judged}`)
    // A limit is a line of a benchmark; a check fails only beyond three times it.
    if (limit !== null && ratio > limit * 3) process.exitCode = 1
  }
}

await main()
