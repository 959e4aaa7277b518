import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { writeCorpusFolder, writeCorpusZip } from './intel-corpus.ts'
import { machineLine, median } from './machine.ts'
import { measuredRun } from './measured-run.ts'

const job = resolve(import.meta.dirname, 'intel-job.ts')
const Figures = z.record(z.string(), z.number())

interface Measured {
  figures: z.infer<typeof Figures>
  peakBytes: number
}

/** Loading a corpus of advisories and matching a fleet by it, beside reading and JSON-parsing the same bytes; limits beside each figure. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '300000' },
      rounds: { type: 'string', default: '3' },
      folder: { type: 'boolean', default: false },
    },
  })
  const [records, rounds] = [Number(values.records), Number(values.rounds)]
  console.log(
    `intel: ${records} records, by replication of 9 with changed ids and names, ${rounds} rounds, median · ${machineLine()}`,
  )
  const root = mkdtempSync(join(tmpdir(), 'upkeep-bench-intel-'))
  try {
    const zip = join(root, 'corpus.zip')
    await writeCorpusZip(zip, records)
    console.log(`zip ${(statSync(zip).size / 1e6).toFixed(0)} MB`)
    await measureLoading(root, zip, rounds)
    await measureMatching(root, zip, rounds)
    if (values.folder) await measureFolder(root, records, rounds)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function measureLoading(root: string, path: string, rounds: number): Promise<void> {
  const parses: Measured[] = []
  const loads: Measured[] = []
  // By turns, so that a busy moment of the machine falls on both.
  for (let round = 0; round < rounds; round += 1) {
    parses.push(await run(root, ['parse', path, root]))
    const stateDir = join(root, `load-${round}`)
    mkdirSync(stateDir)
    loads.push(await run(root, ['load', path, stateDir]))
    rmSync(stateDir, { recursive: true })
  }
  sayLoading('cold load', loads, parses)
  const peak = Math.max(...loads.map((one) => one.peakBytes))
  say('peak memory', `${(peak / 1e6).toFixed(0)} MB`, peak / 1e9, 1)
}

async function measureMatching(root: string, path: string, rounds: number): Promise<void> {
  const stateDir = join(root, 'match')
  mkdirSync(stateDir)
  const small: Measured[] = []
  const full: Measured[] = []
  const added: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    small.push(await run(root, ['match', path, stateDir, '1000']))
    full.push(await run(root, ['match', path, stateDir, '10000']))
    added.push(timeOf(await run(root, ['add', path, stateDir, '1'])))
  }
  const [from, to] = [median(small.map(timeOf)), median(full.map(timeOf))]
  const text = `${seconds(from)} -> ${seconds(to)}, time × ${(to / from).toFixed(1)}`
  say('match 1,000 -> 10,000', text, to / from, 10)
  say('one new record', `${median(added).toFixed(0)} ms until it is found`, median(added), 100)
}

/** The same records as a folder of files: not what is published for an ecosystem, but what a clone of a database is. */
async function measureFolder(root: string, records: number, rounds: number): Promise<void> {
  const folder = join(root, 'folder')
  writeCorpusFolder(folder, records)
  const parses: Measured[] = []
  const loads: Measured[] = []
  const grown: Measured[] = []
  const stats: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const stateDir = join(root, `folder-${round}`)
    mkdirSync(stateDir)
    parses.push(await run(root, ['parse', folder, root]))
    loads.push(await run(root, ['load', folder, stateDir]))
    stats.push(timeOf(await run(root, ['stat', folder, root])))
    grown.push(await run(root, ['grow', folder, stateDir]))
    rmSync(join(folder, 'NEW-1.json'))
    rmSync(stateDir, { recursive: true })
  }
  sayLoading('folder, cold load', loads, parses)
  const peak = Math.max(...loads.map((one) => one.peakBytes))
  say('folder, peak memory', `${(peak / 1e6).toFixed(0)} MB`, peak / 1e9, 1)
  const [whole, unchanged] = [median(grown.map(timeOf)), median(grown.map(({ figures }) => figures.unchanged ?? 0))]
  // A file that changed in place changes nothing of its folder: each has to be asked for, and that is the least it can take.
  const ratio = whole / median(stats)
  const text = `${seconds(whole)}, with nothing new ${seconds(unchanged)}, stat of the same files alone ${seconds(median(stats))}, ratio ${ratio.toFixed(2)}`
  say('folder, one new file', text, ratio, 2)
}

async function run(root: string, args: readonly string[]): Promise<Measured> {
  const env = { PATH: process.env.PATH ?? '', HOME: root }
  const done = await measuredRun(process.execPath, [job, ...args], { cwd: root, env, sampleEveryMs: 50 })
  if (done.exitCode !== 0) throw new Error(`${args[0]} ended with ${done.exitCode}: ${done.stderr.slice(0, 2_000)}`)
  return { figures: Figures.parse(JSON.parse(done.stdout)), peakBytes: done.peakBytes ?? Number.NaN }
}

/** Beside the clock the processor time of both, which a busy machine does not stretch. */
function sayLoading(what: string, loads: readonly Measured[], parses: readonly Measured[]): void {
  const [load, parse] = [loads, parses].map((all) => median(all.map(timeOf)))
  const [loadCpu, parseCpu] = [loads, parses].map((all) => median(all.map(cpuOf)))
  const ratio = (load ?? Number.NaN) / (parse ?? Number.NaN)
  const cpu = ((loadCpu ?? Number.NaN) / (parseCpu ?? Number.NaN)).toFixed(2)
  const text = `${seconds(load ?? 0)}, read and JSON.parse ${seconds(parse ?? 0)}, ratio ${ratio.toFixed(2)} (processor time ${cpu})`
  say(what, text, ratio, 2)
}

function cpuOf({ figures }: Measured): number {
  return figures.cpu ?? Number.NaN
}

function timeOf({ figures }: Measured): number {
  return figures.milliseconds ?? Number.NaN
}

/** A limit is a line of a benchmark; a check fails only beyond three times it. */
function say(what: string, text: string, value: number, limit: number): void {
  console.log(`${what.padEnd(28)} ${text} · limit ${limit}, ${value <= limit ? 'held' : 'NOT HELD'}`)
  if (!(value <= limit * 3)) process.exitCode = 1
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`
}

await main()
