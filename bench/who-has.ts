import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { catalog } from '@upkeep/app/catalog'
import { packageQuestion } from '@upkeep/domain/package-question'
import { keptKinds } from '@upkeep/engine/report/kept-kinds'
import { whoHas } from '@upkeep/engine/report/who-has'
import { openStore } from '@upkeep/engine/store/open-store'
import type { Store } from '@upkeep/engine/store/store'
import { observationsOfDay, storeDay } from './generated-days.ts'
import { machineLine, median } from './machine.ts'
import { measuredRun } from './measured-run.ts'

const limitMs = 1_000
const door = resolve(import.meta.dirname, '..', 'app', 'cli', 'main.ts')
const questions = ['package-7@<1.25', 'rare-package', 'nobody-has-this', 'pkg:npm/package-30@1.3.30']
const duties = catalog.duties.map((duty) => ({ id: duty.id, sees: keptKinds(duty) }))

/** "Who has X" and "who had X on day D" over a generated store, beside reading and parsing every observation of the newest run. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      servers: { type: 'string', default: '10000' },
      packages: { type: 'string', default: '90' },
      days: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
    },
  })
  const [servers, packages, days, rounds] = [values.servers, values.packages, values.days, values.rounds].map(Number)
  if (!servers || !packages || !days || !rounds) throw new Error('every option takes a whole number above 0')
  console.log(
    `who-has: ${servers} servers × ${packages} packages, ${days} days, median of ${rounds} · ${machineLine()}`,
  )
  const stateDir = mkdtempSync(join(tmpdir(), 'upkeep-bench-'))
  try {
    const store = await openStore({ stateDir })
    await timed('written', () => writeDays(store, servers, packages, days))
    await measure(store, servers, days, rounds)
    await store.close()
    await measureCommand(stateDir, rounds)
  } finally {
    rmSync(stateDir, { recursive: true, force: true })
  }
}

async function writeDays(store: Store, servers: number, packages: number, days: number): Promise<void> {
  for (let day = 0; day < days; day += 1) await storeDay(store, day, observationsOfDay(day, servers, packages))
}

async function measure(store: Store, servers: number, days: number, rounds: number): Promise<void> {
  const lastDay = `2026-10-${String(days).padStart(2, '0')}`
  for (const text of questions) {
    for (const on of [null, lastDay]) {
      const question = packageQuestion(text)
      if (question === null) throw new Error(`${text} is no question`)
      const day = on === null ? null : { start: `${on}T00:00:00.000Z`, end: `${on}T23:59:59.999Z` }
      const found = { holders: 0 }
      const ms = await medianOf(rounds, async () => {
        found.holders = (await whoHas(store, duties, question, day)).holders.length
      })
      const when = on === null ? 'now' : `on ${on}`
      console.log(`  ${text} ${when}: ${found.holders} of ${servers}, ${ms.toFixed(0)} ms${over(ms)}`)
    }
  }
  const baseline = await medianOf(1, () => readEverything(store))
  console.log(`  reading and parsing every observation of one run instead: ${baseline.toFixed(0)} ms`)
}

async function readEverything(store: Store): Promise<void> {
  const [run] = await store.runs.list({ limit: 1 })
  const manifest = JSON.parse((await store.objects.get(run?.observations ?? '')) ?? '[]')
  const digests: string[] = manifest.map((line: { observation: string }) => line.observation)
  for (const text of (await store.objects.getMany(digests)).values()) JSON.parse(text)
}

/** From sources, beside a command that does nothing: the difference is the question's. */
async function measureCommand(stateDir: string, rounds: number): Promise<void> {
  const empty = await medianOf(rounds, () => command(stateDir, ['--version']))
  const ms = await medianOf(rounds, () => command(stateDir, ['who-has', 'rare-package', '--json']))
  console.log(`  the command, process and all: ${ms.toFixed(0)} ms${over(ms)}; --version alone: ${empty.toFixed(0)} ms`)
}

async function command(stateDir: string, args: readonly string[]): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', HOME: stateDir, UPKEEP_HOME: stateDir }
  const ended = await measuredRun(process.execPath, [door, ...args], { cwd: stateDir, env, sampleEveryMs: null })
  if (ended.exitCode !== 0) throw new Error(`${args[0]} ended with ${ended.exitCode}: ${ended.stderr.slice(0, 500)}`)
}

function over(ms: number): string {
  return ms > limitMs ? ` (over the limit of ${limitMs} ms)` : ` (limit ${limitMs} ms)`
}

async function medianOf(rounds: number, act: () => Promise<void>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now()
    await act()
    times.push(performance.now() - from)
  }
  return median(times)
}

async function timed(what: string, act: () => Promise<void>): Promise<void> {
  const from = performance.now()
  await act()
  console.log(`  ${what} in ${((performance.now() - from) / 1_000).toFixed(1)} s`)
}

await main()
