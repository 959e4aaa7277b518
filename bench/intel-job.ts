import { lstatSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { byPackage } from '@upkeep/domain/advisories/known-advisories'
import { matchParts } from '@upkeep/domain/advisories/match-parts'
import { openIntel } from '@upkeep/engine/intel/open-intel'
import { listZip } from '@upkeep/engine/intel/zip-entries'
import { createHttpPort } from '@upkeep/engine/ports/http'

/**
 * One measured job of `bench/intel.ts`, in a process of its own so that its memory is its own. `parse` is the peer: it reads the same
 * bytes and parses each record as JSON, and does nothing else.
 */
const jobs: Record<string, (path: string, stateDir: string, count: number) => Promise<Record<string, number>>> = {
  async parse(path) {
    const started = performance.now()
    let records = 0
    for await (const bytes of path.endsWith('.zip') ? unpacked(path) : filesIn(path)) {
      JSON.parse(bytes.toString('utf8'))
      records += 1
    }
    return { milliseconds: performance.now() - started, records }
  },

  /** The physical limit of noticing a change in a folder: its names, and one call for each file. */
  async stat(path) {
    const started = performance.now()
    for (const name of readdirSync(path)) lstatSync(join(path, name))
    return { milliseconds: performance.now() - started }
  },

  /** Cold: no index is there yet. */
  async load(path, stateDir) {
    const started = performance.now()
    const found = await lookUp(stateDir, [path], 1)
    return { milliseconds: performance.now() - started, records: found.feeds[0]?.records ?? 0 }
  },

  /** The index is there: looks up and judges a fleet of `count` components. */
  async match(path, stateDir, count) {
    await lookUp(stateDir, [path], 1)
    const started = performance.now()
    const found = await lookUp(stateDir, [path], count)
    const looked = performance.now() - started
    const { matches, unknowns, clear } = matchParts(partsOf(count), byPackage(found.records))
    const judged = matches.length + unknowns.length + clear.length
    return { milliseconds: performance.now() - started, looked, judged, matches: matches.length }
  },

  /** One new record in a feed of its own beside the large one: until it is found by looking up. */
  async add(path, stateDir, count) {
    const folder = mkdtempSync(join(stateDir, 'new-'))
    await lookUp(stateDir, [path, folder], count).catch(() => null)
    const range = { type: 'SEMVER', events: [{ introduced: '0' }] }
    const affected = [{ package: { ecosystem: 'npm', name: 'bench-package-0' }, ranges: [range] }]
    const started = performance.now()
    writeFileSync(
      join(folder, 'NEW-1.json'),
      JSON.stringify({ id: 'NEW-1', modified: '2026-11-20T00:00:00Z', affected }),
    )
    const { records } = await lookUp(stateDir, [path, folder], 1)
    if (!records.some((one) => one.id === 'NEW-1')) throw new Error('the new record was not found')
    return { milliseconds: performance.now() - started }
  },

  /** One new file in the large folder itself: every file is looked at, only that one is read. */
  async grow(path, stateDir) {
    await lookUp(stateDir, [path], 2)
    const started = performance.now()
    await lookUp(stateDir, [path], 2)
    const unchanged = performance.now() - started
    const sample = readFileSync(join(path, 'BENCH-2026-1.json'), 'utf8')
    writeFileSync(join(path, 'NEW-1.json'), sample.replaceAll('BENCH-2026-1', 'NEW-1'))
    const from = performance.now()
    const { records } = await lookUp(stateDir, [path], 2)
    if (!records.some((one) => one.id === 'NEW-1')) throw new Error('the new record was not found')
    return { milliseconds: performance.now() - from, unchanged }
  },
}

async function lookUp(stateDir: string, paths: string[], count: number) {
  const packages = Array.from({ length: count }, (_, index) => ({ ecosystem: 'npm', name: `bench-package-${index}` }))
  const call = { packages, hosts: [], online: false, at: '2026-11-22T09:00:00.000Z', signal: { aborted: false } }
  const intel = openIntel({ stateDir, http: createHttpPort() })
  const found = await intel.lookUp({ feeds: paths.map((path) => ({ path })), ...call })
  if (found.state !== 'answered') throw new Error(found.reason)
  return found.facts
}

function partsOf(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    ecosystem: 'npm' as const,
    name: `bench-package-${index}`,
    version: index % 2 === 0 ? '0.0.9' : '99.0.0',
    path: null,
    copy: null,
    direct: false,
  }))
}

function* filesIn(folder: string): Generator<Buffer> {
  for (const name of readdirSync(folder)) yield readFileSync(join(folder, name))
}

async function* unpacked(path: string): AsyncGenerator<Buffer> {
  const listed = await listZip(readFileSync(path), { maxEntries: 1_000_000, maxDeclaredBytes: 8 * 2 ** 30 })
  if (typeof listed === 'string') throw new Error(listed)
  for (const entry of listed.entries) {
    const bytes = entry.unpack(8 << 20)
    if (Buffer.isBuffer(bytes)) yield bytes
  }
}

const [job = '', path = '', stateDir = '', count = '0'] = process.argv.slice(2)
const before = process.cpuUsage()
const figures = await jobs[job]?.(path, stateDir, Number(count))
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ ...figures, cpu: (user + system) / 1_000 }))
