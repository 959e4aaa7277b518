import { tmpdir } from 'node:os'
import { type GoldenCall, GoldenCalls, ordinaryBounds } from '@upkeep/contract'
import { compareReplays } from '@upkeep/domain/replay/compare-replays'
import { findRenames } from '@upkeep/domain/tool-surface/find-renames'
import { meaningOf } from '@upkeep/domain/tool-surface/meaning'
import { createMcpPort } from '@upkeep/engine/ports/mcp'
import { openSandbox } from '@upkeep/engine/sandbox/open-sandbox'
import { describe, expect, it } from 'vitest'
import { type InstalledServer, installedServer } from './installed-server.ts'

const [old, now] = await Promise.all(['2025.7.1', '2026.8.31'].map((one) => installedServer('everything', one)))
const sandbox = openSandbox({ tempDir: tmpdir(), path: process.env.PATH ?? '' })
const backend = await sandbox.backend()

const { calls } = GoldenCalls.parse({
  format: 'upkeep-golden-calls/1',
  server: 'everything',
  calls: [
    { id: 'echo', tool: 'echo', arguments: { message: 'hello' } },
    { id: 'sum', tool: 'add', arguments: { a: 2, b: 40 } },
    { id: 'environment', tool: 'printEnv' },
    { id: 'wrong', tool: 'echo', arguments: {} },
  ],
})

/** Runs the bytes in the sandbox, without a network, and makes every call twice. */
async function replayed(server: InstalledServer | null | undefined, golden: readonly GoldenCall[]) {
  if (server === null || server === undefined) throw new Error('the server is not installed')
  const inside = '/srv/node_modules'
  const program = await sandbox.start(
    {
      argv: ['node', `${inside}/@modelcontextprotocol/server-everything/dist/index.js`, 'stdio'],
      env: {},
      cwd: '/data',
      shows: [{ outside: `${server.home}/node_modules`, inside }],
      lays: [],
      network: 'none',
      bounds: ordinaryBounds,
    },
    ['files', 'network'],
  )
  if ('state' in program) throw new Error(program.reason)
  const options = {
    eras: ['discover', 'initialize'] as const,
    timeoutMs: 30_000,
    maxBytes: 4_000_000,
    times: 2,
    callMs: 5_000,
  }
  const found = await createMcpPort().replay(program, golden, options)
  const outcome = await program.stop()
  expect(outcome.leftBehind).toEqual([])
  if (found.state === 'unavailable') throw new Error(found.reason)
  return found
}

describe.skipIf(old === null || now === null || 'state' in backend)(
  'golden calls (needs the npm registry once, and a sandbox)',
  () => {
    it('server-everything 2025.7.1 -> 2026.8.31: the calls that no longer work are named, with the likely new names', async () => {
      const [before, after] = [await replayed(old, calls), await replayed(now, calls)]
      const [was, is] = [before, after].map(({ surface }) => meaningOf(surface).tools ?? [])
      const names = new Set(is?.map(({ name }) => name))
      const gone = (was ?? []).filter(({ name }) => !names.has(name))
      const came = (is ?? []).filter(({ name }) => !was?.some((one) => one.name === name))
      const renames = new Map(findRenames(gone, came).map(({ from, to }) => [from, to]))
      const verdicts = compareReplays(calls, before.replayed, after.replayed, { tools: [...names], renames })
      expect(verdicts.map(({ id, state, kind, likelyNow }) => ({ id, state, kind, likelyNow }))).toEqual([
        { id: 'echo', state: 'same', kind: null, likelyNow: null },
        { id: 'sum', state: 'different', kind: 'missing-tool', likelyNow: 'get-sum' },
        { id: 'environment', state: 'different', kind: 'missing-tool', likelyNow: 'get-env' },
        expect.objectContaining({ id: 'wrong', state: 'different' }),
      ])
    })

    it('the same bytes answer the same calls the same way', async () => {
      const known = calls.filter(({ id }) => id === 'echo' || id === 'wrong')
      const [one, other] = [await replayed(now, known), await replayed(now, known)]
      const tools = one.surface.tools?.map(({ name }) => name) ?? null
      const verdicts = compareReplays(known, one.replayed, other.replayed, { tools, renames: new Map() })
      expect(verdicts.map(({ state }) => state)).toEqual(['same', 'same'])
    })
  },
)
