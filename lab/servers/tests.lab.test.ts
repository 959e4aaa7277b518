import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Facts, Observation, Subject } from '@upkeep/contract'
import { serverSubject } from '@upkeep/contract/subject'
import type { ServerStatement } from '@upkeep/contract/upkeep-file'
import { testServers } from '@upkeep/engine/collect/test-servers'
import { afterAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { realPorts, settingsWith } from './declared.ts'
import { installedServer } from './installed-server.ts'
import { labSandbox, sandboxHere } from './under-test.ts'

const [filesystem, everything] = await Promise.all([
  installedServer('filesystem', '2026.8.31'),
  installedServer('everything', '2026.8.31'),
])
const backend = await sandboxHere()
const works = !('state' in backend)
const watches = works && backend.watches
const digest = 'd'.repeat(64)
const scratch = mkdtempSync(join(tmpdir(), 'upkeep-lab-tests-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Plan = Facts<'run-plan'>
type Statement = z.infer<typeof ServerStatement>

function planOf(file: string, shows: string, over: Partial<Plan> = {}): Plan {
  const head = { command: digest, bytes: digest, shown: `node ${file}`, runtime: 'node' as const, packages: null }
  return { ...head, file, args: [], env: {}, shows: [shows], folders: [], ...over }
}

/** One of the fixture servers, as it is packed. */
function fixture(name: string): string {
  const folder = join(scratch, name)
  const fixtures = join(import.meta.dirname, '../fleet/fixture-servers')
  cpSync(join(fixtures, name), folder, { recursive: true })
  cpSync(join(fixtures, 'stdio-server.mjs'), join(folder, 'stdio-server.mjs'))
  return folder
}

function consentTo(subject: Subject) {
  const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
  const at = '2026-11-22T09:00:00.000Z'
  return { id: '1', at, subject, command: digest, bytes: digest, shown: '', reason: null, withdraws: null, signer }
}

async function tested(name: string, plan: Plan, statement: Partial<Statement> = {}) {
  const subject = serverSubject('cursor', '/x', name)
  const planned: Observation = { kind: 'run-plan', subject, state: 'seen', facts: plan }
  const settings = {
    ...settingsWith({}),
    prove: 'all' as const,
    consents: [consentTo(subject)],
    servers: [{ name, ...statement }],
  }
  const ports = { ...realPorts(), sandbox: labSandbox() }
  const at = '2026-11-22T09:00:00.000Z'
  const round = { settings, ports, at, signal: new AbortController().signal, tests: [] }
  const [found] = await testServers(round, [planned])
  if (found?.state !== 'seen') throw new Error(found?.reason)
  return found.facts
}

function goldenCalls(server: string, calls: object[]): string {
  const path = join(scratch, `${server}-calls.json`)
  writeFileSync(path, JSON.stringify({ format: 'upkeep-golden-calls/1', server, calls }))
  return path
}

describe.skipIf(!watches)('servers run in the sandbox, watched (needs strace)', () => {
  test('exfil: the address it sends to is named with the call and the time', async () => {
    const folder = fixture('exfil')
    const plan = planOf(join(folder, 'index.mjs'), folder, {
      env: { EXFIL_SINK: { text: 'http://127.0.0.1:8126/collect', standIn: false } },
    })
    const goldenCallsPath = goldenCalls('exfil', [{ id: 'count', tool: 'count_words', arguments: { text: 'a b c' } }])
    const facts = await tested('exfil', plan, { goldenCalls: goldenCallsPath })
    expect(facts.attempts?.filter(({ what }) => what === 'connect')).toEqual([
      {
        what: 'connect',
        target: '127.0.0.1:8126',
        allowed: expect.any(Boolean),
        during: 'tools/call count_words',
        atMs: expect.any(Number),
        times: 2,
      },
    ])
    expect(facts.calls).toMatchObject([{ id: 'count', state: 'same', recorded: false }])
    expect(facts.trials.map(({ era, state, watched }) => `${era} ${state} ${watched}`)).toEqual([
      'initialize answered true',
      'initialize answered false',
      'discover refused true',
      'discover refused false',
    ])
    expect(facts.trials.flatMap(({ leftBehind }) => leftBehind)).toEqual([])
  })

  test.skipIf(filesystem === null)('server-filesystem reaches nobody, and offers the same twice', async () => {
    if (filesystem === null) return
    const plan = planOf(filesystem.script, filesystem.home, {
      args: [{ text: '/home/ada/notes', standIn: false }],
      folders: ['/home/ada/notes'],
    })
    const golden = goldenCalls('fs', [{ id: 'list', tool: 'list_directory', arguments: { path: '/data/roots/0' } }])
    const facts = await tested('fs', plan, { goldenCalls: golden })
    expect(facts.attempts).toEqual([])
    expect(facts.attemptsCut).toBe(false)
    const answered = facts.trials.filter(({ state }) => state === 'answered')
    expect(answered.length).toBeGreaterThanOrEqual(2)
    expect(answered.every(({ tools }) => tools === 14)).toBe(true)
    expect(new Set(answered.map(({ surface }) => surface)).size).toBe(1)
    expect(facts.calls).toMatchObject([{ id: 'list', state: 'same' }])
  })
})

describe.skipIf(!works)('servers run in the sandbox', () => {
  test.skipIf(everything === null)(
    'a token that comes back in an answer is said, without having been one',
    async () => {
      if (everything === null) return
      const plan = planOf(everything.script, everything.home, {
        env: {
          API_TOKEN: { text: 'upkeep-stand-in-API_TOKEN', standIn: true },
          OTHER: { text: 'upkeep-stand-in-OTHER', standIn: true },
        },
      })
      const golden = goldenCalls('everything', [{ id: 'env', tool: 'get-env', textMayDiffer: true }])
      const facts = await tested('everything', plan, { goldenCalls: golden })
      expect(facts.standIns).toEqual(['API_TOKEN', 'OTHER'])
      expect(facts.standInsSeen).toEqual(['API_TOKEN', 'OTHER'])
      const silent = await tested('everything', plan)
      expect(silent.standInsSeen).toEqual([])
      expect(silent.notTested).toContain('any tool: upkeep.yaml names no golden calls for it')
    },
  )

  test('a server that ends at once is said to have ended, with its code', async () => {
    const folder = fixture('crash')
    const facts = await tested('crash', planOf(join(folder, 'index.mjs'), folder))
    expect(facts.trials.map(({ state, detail }) => `${state} ${detail}`)).toEqual(
      Array(4).fill('refused it ended with 1'),
    )
  })

  test('a record that no longer holds is told apart from one that does', async () => {
    const folder = fixture('exfil')
    const expected = { kind: 'result', code: null, structure: '["text"]', text: '3' }
    const golden = goldenCalls('exfil', [
      { id: 'right', tool: 'count_words', arguments: { text: 'a b c' } },
      { id: 'wrong', tool: 'count_words', arguments: { text: 'a b' }, expect: { ...expected, text: '7' } },
    ])
    const facts = await tested('exfil', planOf(join(folder, 'index.mjs'), folder), { goldenCalls: golden })
    expect(facts.calls.map(({ id, state, recorded }) => `${id} ${state} ${recorded}`)).toEqual([
      'right same false',
      'wrong different true',
    ])
  })

  test('nothing of it is left lying about', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('upkeep-sandbox-'))).toEqual([])
  })
})
