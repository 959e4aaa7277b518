import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from '@upkeep/engine/store/open-store'
import type { Store } from '@upkeep/engine/store/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exposed } from '../../app/http/exposed.ts'
import { productVersion } from '../../app/installed-files.ts'
import { operations } from '../../app/operations/table.ts'
import { momentsFrom, seedOf } from './killed-product.ts'
import { type Answered, type KilledServer, killedServer, textsIn } from './killed-server.ts'
import { type Outside, openOutside } from './served-installation.ts'
import { type Prepared, prepare, writes } from './served-writes.ts'

const isLong = process.env.UPKEEP_LONG !== undefined
/**
 * Which writes are tried, and where they are cut: it follows from the version, so that one checkout always tries the same. `UPKEEP_SEED` tries
 * others.
 */
const seed = Number(process.env.UPKEEP_SEED ?? seedOf(productVersion()))
const dice = momentsFrom(seed)
const [sampled, kills] = isLong ? [Object.keys(writes).length, 4] : [3, 1]

const table = exposed(operations).filter(({ effect }) => effect === 'write')

test('every operation that writes is killed during it: one without a case fails here', () => {
  expect(Object.keys(writes).sort()).toEqual(table.map(({ operation }) => operation.id).sort())
})

let server: KilledServer
let outside: Outside
let there: Prepared
beforeAll(async () => {
  outside = await openOutside()
  server = await killedServer()
  there = await prepare(server, outside)
}, 600_000)
afterAll(async () => {
  await server.kill()
  server.remove()
  await outside.close()
  console.log(`${all} kills, ${duringWrite} of them before the write was answered`)
})
let [all, duringWrite] = [0, 0]

/** The installation as every write finds it, this one in particular. */
function begin(id: string): void {
  server.putBack()
  writes[id]?.arrange?.(server.place, outside)
  outside.empty()
}

/** How many there are of each record that a person or a change makes. What a crash leaves behind by itself is none of them. */
async function records(): Promise<Record<string, number>> {
  const store = await openStore({ stateDir: server.place.stateDir })
  try {
    return await counted(store)
  } finally {
    await store.close()
  }
}

async function counted(store: Store): Promise<Record<string, number>> {
  const runs = await store.runs.list({ limit: 10_000 })
  const changes = await store.changes.list({ limit: 1_000 })
  const steps = (await Promise.all(changes.map((change) => store.changes.steps(change)))).flat()
  const places = steps.map((step) => `${step.is} ${'index' in step ? step.index : ''}`)
  return {
    runs: runs.filter(({ outcome }) => outcome === 'completed').length,
    acceptances: (await store.acceptances.list()).length,
    baselines: (await store.baselines.list()).length,
    attestations: (await store.attestations.list()).length,
    consents: (await store.consents.list()).length,
    keys: (await store.personKeys.list()).length,
    deliveries: (await store.deliveries.list({ limit: 1_000 })).length,
    told: (await store.tickets.list()).length,
    tokens: (await store.tokens.list()).length,
    changes: changes.length,
    effects: places.filter((place) => place.startsWith('effect-done')).length,
    undone: places.filter((place) => place.startsWith('effect-undone')).length,
  }
}

function made(before: Record<string, number>, now: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(now).map(([kind, count]) => [kind, count - (before[kind] ?? 0)]))
}

function filesOfOthers(): Map<string, string> {
  return new Map([...textsIn(server.place.home), ...textsIn(server.place.cwd)])
}

/**
 * Everything that is kept, by what it is called: tables, files of the state, files of others. Without what is noted of being asked and of running:
 * requests, turns, rounds, sign-ins, and the counts of signatures.
 */
function kept(): Map<string, string> {
  const database = new DatabaseSync(join(server.place.stateDir, 'state.db'), { readOnly: true })
  const names = database.prepare("select name from sqlite_master where type = 'table'").all()
  const tables = names.map(({ name }) => String(name)).filter((name) => !notedOf.test(name))
  const rows = tables.map((name): [string, string] => [
    name,
    JSON.stringify(database.prepare(`select * from "${name}"`).all()),
  ])
  database.close()
  const files = [...textsIn(server.place.stateDir)].filter(([path]) => !/\/state\.db[^/]*$|passkey|sign-ins/.test(path))
  return new Map([...rows, ...files, ...filesOfOthers()].map(([name, text]) => [name, digest(text)]))
}
const notedOf = /^(?:requests|leases|rounds|sqlite_.*)$/
const digest = (text: string) => createHash('sha256').update(text).digest('hex')

function differing(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...now.keys()])
  return [...names].filter((name) => before.get(name) !== now.get(name)).sort()
}

const short = (answer: Answered | null) => (answer === null ? 'cut' : `${answer.status} ${answer.code}`)
const pathOf = (id: string) => table.find(({ operation }) => operation.id === id)?.path ?? ''

/** A write that nobody kills: what it is answered, and what is there then. */
async function whole(id: string) {
  begin(id)
  const [before, old, was] = [await records(), filesOfOthers(), kept()]
  await server.start()
  server.tell('log')
  const answer = await server.order(pathOf(id), writes[id]?.body(there), `${id}-not-killed`)
  const points = server.told().filter((line) => line !== '')
  await server.kill()
  const wrote = differing(was, kept())
  return {
    answer,
    points,
    wrote,
    before,
    made: { ...made(before, await records()), ...outside.arrived() },
    old,
    new: filesOfOthers(),
  }
}
type Whole = Awaited<ReturnType<typeof whole>>

/** Before the first commit, after the last one, and between them, as the dice have it. */
function chosen(points: readonly string[]): number[] {
  const [first, last] = [points.indexOf('commit'), points.lastIndexOf('committed')]
  const sure = isLong ? [first, last].filter((point) => point >= 0) : []
  const picked = new Set(sure)
  for (let left = 50; left > 0 && picked.size < Math.min(kills, points.length); left -= 1)
    picked.add(dice(points.length))
  return [...picked]
}

async function cut(id: string, reference: Whole, point: number): Promise<string> {
  const key = `${id}-killed`
  const order = () => server.order(pathOf(id), writes[id]?.body(there), key)
  begin(id)
  await server.start()
  server.tell(point)
  const first = await order()
  all += 1
  if (first === null) duringWrite += 1
  await server.kill()
  const at = `${id}, killed at ${point}: ${reference.points[point]}, seed ${seed}`
  for (const [file, text] of filesOfOthers()) {
    const known = [reference.old.get(file), reference.new.get(file)].filter((one) => one !== undefined)
    if (known.length > 0) expect(known.includes(text), `${at}: ${file} is whole`).toBe(true)
  }
  for (const [file, text] of textsIn(server.place.stateDir))
    if (/\/state\/[^/]+\.json$/.test(file)) expect(() => JSON.parse(text), `${at}: ${file}`).not.toThrow()
  server.tell(-1)
  await server.start()
  const again = await order()
  const third = await order()
  await server.kill()
  const now = { ...made(reference.before, await records()), ...outside.arrived() }
  expect([short(reference.answer), '409 answer-lost'], at).toContain(short(again))
  expect([short(again), '409 answer-lost'], at).toContain(short(third))
  if (again?.status === 200) expect(third?.body, at).toEqual(again.body)
  for (const [kind, count] of Object.entries(now))
    expect(count, `${at}: ${kind}, ${short(again)}`).toBeLessThanOrEqual(reference.made[kind] ?? 0)
  if (again?.status === 200) expect(now, at).toEqual(reference.made)
  const strange = [...filesOfOthers().keys()].filter((file) => !reference.old.has(file) && !reference.new.has(file))
  expect(strange, `${at}: nothing of it is left lying about`).toEqual([])
  return short(again)
}

function lineOf(id: string, { points, wrote, answer }: Whole, ends: readonly string[]): string {
  const folders = [server.place.root, server.place.cwd]
  const names = wrote.map((name) => folders.reduce((short, folder) => short.replace(`${folder}/`, ''), name))
  return `${id}: ${short(answer)}, ${points.length} points, wrote ${names.join(' ')}; cut: ${ends.join(', ')}`
}

/** So many of them, each another. */
function sample(): string[] {
  const left = Object.keys(writes)
  return Array.from({ length: Math.min(sampled, left.length) }, () => left.splice(dice(left.length), 1)).flat()
}

describe(`the server, killed during a write and started again (seed ${seed})`, () => {
  test.each(sample())(
    '%s: asked again it gets a definite answer, nothing is doubled, and files are whole',
    async (id) => {
      const reference = await whole(id)
      expect(reference.answer, id).not.toBeNull()
      expect(reference.answer?.status, JSON.stringify(reference.answer?.body)).toBe(200)
      if (writes[id]?.writesNothing === undefined) expect(reference.wrote, `${id}, whole`).not.toEqual([])
      else expect(reference.wrote, `${id}, whole`).toEqual([])
      const ends: string[] = []
      for (const point of chosen(reference.points)) ends.push(await cut(id, reference, point))
      if (isLong) console.log(lineOf(id, reference, ends))
    },
    600_000,
  )
})
