import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { openStore } from '@upkeep/engine/store/open-store'
import type { Store } from '@upkeep/engine/store/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Installation, newInstallation, removeInstallation, startUpkeep, writeFiles } from './installation.ts'
import { momentsFrom } from './killed-product.ts'

// npm run test:long kills the server twenty times in each write.
const kills = process.env.UPKEEP_LONG === undefined ? 1 : 20
const seed = 7420

/** A server as a process of its own, and a session at it. */
interface Serving {
  readonly child: ChildProcess
  order(path: string, body: unknown, key: string): Promise<{ status: number; code: string | null; replayed: boolean }>
}

let place: Installation
let serving: Serving

async function serve(): Promise<Serving> {
  const child = startUpkeep(place, ['serve', '--port', '0', '--no-duties', '--as', 'ada'])
  let said = ''
  const link = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /http:\S+\/enter\?link=\S+/.exec(said)
      if (found !== null) resolve(found[0])
    })
    child.once('exit', () => reject(new Error(said)))
  })
  const { origin } = new URL(link)
  const entered = await fetch(link, { redirect: 'manual' })
  const cookie = entered.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  return {
    child,
    async order(path, body, key) {
      const headers = { cookie, origin, 'content-type': 'application/json', 'idempotency-key': key }
      const answer = await fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body), headers })
      const { code = null } = z.looseObject({ code: z.string().optional() }).parse(await answer.json())
      return { status: answer.status, code, replayed: answer.headers.get('idempotent-replayed') === 'true' }
    },
  }
}

async function kill({ child }: Serving): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function count(of: (store: Store) => Promise<number>): Promise<number> {
  const store = await openStore({ stateDir: place.stateDir })
  return of(store).finally(() => store.close())
}

/** A write, and how many records of it there are; `n` makes each one another. */
interface Write {
  readonly path: string
  body(n: number): Record<string, unknown>
  records(n: number): (store: Store) => Promise<number>
  /** What it ends with where nobody kills it, and how much is recorded then. */
  readonly ends: { readonly status: number; readonly code: string | null; readonly records: number }
}

const done = { status: 200, code: null, records: 1 }
const writes: Readonly<Record<string, Write>> = {
  attest: {
    path: '/api/v1/attest',
    body: (n) => ({ scope: `looked-${n}`, statement: 'I looked', until: '30d', role: 'operator' }),
    records: (n) => async (store) =>
      (await store.attestations.list()).filter(({ scope }) => scope === `looked-${n}`).length,
    ends: done,
  },
  scan: {
    path: '/api/v1/scan',
    body: () => ({ duties: ['health-checks'] }),
    records: () => async (store) =>
      (await store.runs.list({ limit: 10_000 })).filter(({ outcome }) => outcome === 'completed').length,
    ends: done,
  },
  'token.revoke': {
    path: '/api/v1/token/revoke',
    body: (n) => ({ name: `ci-${n}` }),
    records: (n) => async (store) =>
      (await store.attestations.list()).filter(({ scope }) => scope === `api-token/ci-${n}`).length,
    ends: done,
  },
}

beforeAll(async () => {
  place = newInstallation()
  const names = Array.from({ length: kills + 1 }, (_, n) => `server-${n}`)
  const mcpServers = Object.fromEntries(names.map((name) => [name, { command: 'npx', args: [`${name}-of-ours`] }]))
  const roles = ['admin', 'operator', 'reviewer', 'approver']
  writeFiles(place.home, { '.cursor/mcp.json': JSON.stringify({ mcpServers }) })
  writeFiles(place.cwd, { 'upkeep.yaml': JSON.stringify({ version: 1, people: [{ id: 'ada', name: 'Ada', roles }] }) })
  serving = await serve()
  expect((await serving.order('/api/v1/scan', {}, 'the-first-scan')).status).toBe(200)
  const store = await openStore({ stateDir: place.stateDir })
  const [at, until] = ['2026-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z']
  for (let n = 0; n <= kills; n += 1) {
    const digest = n.toString(16).padStart(64, '0')
    await store.tokens.add({ name: `ci-${n}`, digest, role: 'viewer', operations: null, madeBy: 'ada', at, until })
  }
  await store.close()
}, 120_000)
afterAll(async () => {
  await kill(serving)
  removeInstallation(place)
})

const dice = momentsFrom(seed)

describe('the server, killed during a write and started again', () => {
  test.each(Object.keys(writes))('%s: the retry gets a definite answer, and nothing is doubled', async (id) => {
    const write = writes[id]
    if (write === undefined) throw new Error('there is no such write')
    const { path, body, records, ends } = write
    const before = await count(records(0))
    const began = performance.now()
    const whole = await serving.order(path, body(0), `${id}-not-killed`)
    const ms = Math.ceil(performance.now() - began)
    expect(whole).toEqual({ status: ends.status, code: ends.code, replayed: false })
    expect(await count(records(0))).toBe(before + ends.records)
    for (let n = 1; n <= kills; n += 1) {
      const were = await count(records(n))
      const cut = serving.order(path, body(n), `${id}-killed-${n}`).catch(() => null)
      const moment = dice(ms)
      await after(moment)
      await kill(serving)
      await cut
      serving = await serve()
      const again = await serving.order(path, body(n), `${id}-killed-${n}`)
      const made = (await count(records(n))) - were
      const at = `${id} ${n}, killed after ${moment} of ${ms} ms: ${JSON.stringify(again)}, ${made} recorded`
      expect([`${ends.status} ${ends.code}`, '409 answer-lost'], at).toContain(`${again.status} ${again.code}`)
      expect(made, at).toBeLessThanOrEqual(ends.records)
      if (again.code === ends.code) expect(made, at).toBe(ends.records)
      // And once more: the same answer, and nothing of it.
      const third = await serving.order(path, body(n), `${id}-killed-${n}`)
      expect([`${again.status} ${again.code}`, '409 answer-lost'], at).toContain(`${third.status} ${third.code}`)
      expect((await count(records(n))) - were, at).toBe(made)
    }
  })
})
