import { setTimeout as after } from 'node:timers/promises'
import { openStore } from '@upkeep/engine/store/open-store'
import type { Store } from '@upkeep/engine/store/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exposed } from '../../app/http/exposed.ts'
import { productVersion } from '../../app/installed-files.ts'
import { operations } from '../../app/operations/table.ts'
import { momentsFrom, seedOf } from './killed-product.ts'
import { type Answered, type KilledServer, killedServer, textsIn } from './killed-server.ts'
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
let there: Prepared
beforeAll(async () => {
  server = await killedServer()
  there = await prepare(server)
}, 300_000)
afterAll(async () => {
  await server.kill()
  server.remove()
})

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

const short = (answer: Answered | null) => (answer === null ? 'cut' : `${answer.status} ${answer.code}`)
const pathOf = (id: string) => table.find(({ operation }) => operation.id === id)?.path ?? ''

/** A write that nobody kills: what it is answered, and what is there then. */
async function whole(id: string) {
  server.putBack()
  const [before, old] = [await records(), filesOfOthers()]
  await server.start()
  server.tell('log')
  const began = performance.now()
  const answer = await server.order(pathOf(id), writes[id]?.(there), `${id}-not-killed`)
  const ms = performance.now() - began
  const points = server.told().filter((line) => line !== '')
  await server.kill()
  return { answer, points, ms, before, made: made(before, await records()), old, new: filesOfOthers() }
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

async function cut(id: string, reference: Whole, point: number | null): Promise<string> {
  const key = `${id}-killed`
  const order = () => server.order(pathOf(id), writes[id]?.(there), key)
  server.putBack()
  await server.start()
  if (point === null) {
    const sent = order()
    await after(dice(Math.ceil(reference.ms)))
    await server.kill()
    await sent
  } else {
    server.tell(point)
    await order()
    await server.kill()
  }
  const at = `${id}, killed at ${point === null ? 'a moment' : `${point}: ${reference.points[point]}`}, seed ${seed}`
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
  const now = made(reference.before, await records())
  expect([short(reference.answer), '409 answer-lost'], at).toContain(short(again))
  expect([short(again), '409 answer-lost'], at).toContain(short(third))
  if (again?.status === 200) expect(third?.body, at).toEqual(again.body)
  for (const [kind, count] of Object.entries(now))
    expect(count, `${at}: ${kind}, ${short(again)}`).toBeLessThanOrEqual(reference.made[kind] ?? 0)
  if (again?.status === 200) expect(now, at).toEqual(reference.made)
  return short(again)
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
      expect(reference.answer?.status, JSON.stringify(reference.answer?.body)).toBeLessThan(500)
      const ends: string[] = []
      const points = chosen(reference.points)
      for (const point of points.length === 0 ? [null] : points) ends.push(await cut(id, reference, point))
      if (isLong)
        console.log(`${id}: ${short(reference.answer)}, ${reference.points.length} points; cut: ${ends.join(', ')}`)
    },
    600_000,
  )
})
