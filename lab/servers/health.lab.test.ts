import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Verdict } from '@upkeep/contract'
import { healthChecks } from '@upkeep/duties/health-checks/duty'
import { assessRun } from '@upkeep/engine/assess/assess-run'
import { indexObservations } from '@upkeep/engine/kernel/observation-index'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { startBare } from '../fleet/everything.ts'
import { type ProxyOptions, startAuthProxy } from './auth-proxy.ts'
import { type ListedRound, lookAtListed } from './listed-round.ts'
import { serve } from './loopback.ts'
import { misbehaving } from './misbehaving.ts'
import { startSdkServer } from './sdk-server.ts'
import { installedEverything } from './server-everything.ts'

const at = '2026-11-22T09:00:00.000Z'
const script = await installedEverything()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Collects with the real collectors and probes through the engine, and judges with the real duty. */
async function checkHealth(url: string, token: string | null, over: Partial<ListedRound> = {}) {
  const kinds = ['declared-server', 'endpoint', 'listener', 'control-probes'] as const
  const observations = await lookAtListed({ url, token, kinds, at, ...over })
  const { verdicts, stated, defects } = assessRun(healthChecks, indexObservations(observations), {}, at)
  expect(defects).toEqual([])
  if (token !== null) expect(JSON.stringify([observations, verdicts, stated])).not.toContain(token)
  return { verdict: only(verdicts), rules: stated.map((finding) => finding.rule).sort(), observations }
}

function only(verdicts: readonly Verdict[]): Verdict {
  const [verdict, ...rest] = verdicts
  if (verdict === undefined || rest.length > 0) throw new Error('one server, one verdict')
  return verdict
}

/** T11, worked out by hand. */
const openWhenBare = [
  'bound-beyond-loopback',
  'forged-host-accepted',
  'forged-origin-accepted',
  'unauthenticated-call-answered',
  'wildcard-cors',
]

describe.skipIf(script === null)('server-everything (needs the npm registry once)', () => {
  const path = script ?? ''

  it('bare over streamable HTTP it fails exactly bind, authentication, Origin, Host, CORS', async () => {
    const bare = await startBare(path)
    closing.push(bare.stop)
    const port = 'port' in bare.listen ? bare.listen.port : 0
    const found = await checkHealth(`http://127.0.0.1:${port}/mcp`, null)
    expect(found.verdict).toMatchObject({ verdict: 'fail', unknowns: [] })
    expect(found.rules).toEqual(openWhenBare)
    const live = found.observations.find(({ kind }) => kind === 'tool-surface')
    expect(live).toMatchObject({
      state: 'seen',
      facts: { serverInfo: { name: expect.stringContaining('everything') } },
    })
  })

  it.each([true, false])('behind the auth proxy it passes (token given: %s)', async (given) => {
    const proxy = await behindProxy()
    const { verdict, rules, observations } = await checkHealth(proxy.url, given ? proxy.token : null)
    expect(rules).toEqual([])
    expect(verdict).toMatchObject({ verdict: 'pass', unknowns: [] })
    expect(verdict.passes).toHaveLength(given ? 10 : 9)
    const live = observations.find(({ kind }) => kind === 'tool-surface')
    if (given)
      expect(live).toMatchObject({
        facts: { tools: expect.arrayContaining([expect.objectContaining({ name: 'echo' })]) },
      })
  })
})

/** server-everything as a child of the practice proxy: there is no way to it but through there. */
async function behindProxy(options: ProxyOptions = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'upkeep-everything-'))
  const command = { command: process.execPath, args: [script ?? '', 'stdio'], env: { HOME: cwd }, cwd }
  const proxy = await startAuthProxy(command, options)
  closing.push(proxy.close, async () => rmSync(cwd, { recursive: true, force: true }))
  return proxy
}

describe.skipIf(script === null)('what a proxy promises (needs the npm registry once)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-sink-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'denials.log')
  const named = { denied: [{ tool: 'get-env', arguments: {} }], log: { path, withinSeconds: 2 } }

  it('a denial that arrives in the log passes; with the sink gone that fails while liveness passes', async () => {
    const delivering = await behindProxy({ denies: ['get-env'], log: path })
    const sound = await checkHealth(delivering.url, delivering.token, { listed: named })
    expect(sound.verdict).toMatchObject({ verdict: 'pass', unknowns: [] })
    expect(sound.verdict.passes.join('\n')).toContain('log-delivery: the denial of get-env was in the log after')
    const silent = await behindProxy({ denies: ['get-env'] })
    const found = await checkHealth(silent.url, silent.token, { listed: named })
    expect(found.rules).toEqual(['denial-not-logged'])
    expect(found.verdict.passes.join('\n')).toMatch(/liveness: it answers.*allow-list: a call of get-env is denied/s)
  })

  it('a proxy that says it checks tokens, and lets everybody through, fails', async () => {
    const proxy = await behindProxy({ onlySaysSo: true })
    const { rules } = await checkHealth(proxy.url, proxy.token)
    expect(rules).toEqual(['unauthenticated-call-answered'])
  })

  it('a call that must be denied and is served fails', async () => {
    const proxy = await behindProxy()
    const { rules } = await checkHealth(proxy.url, proxy.token, { listed: { denied: named.denied } })
    expect(rules).toEqual(['denied-call-served'])
  })
})

describe('other servers', () => {
  it('an SDK server with bearer tokens, RFC 9728 metadata and guards passes', async () => {
    const server = await startSdkServer({ authentication: 'bearer', guards: true })
    closing.push(server.close)
    expect((await checkHealth(server.url, server.token)).verdict.verdict).toBe('pass')
  })

  it('one that takes every token of its issuer fails on that alone', async () => {
    const server = await startSdkServer({ authentication: 'any-audience', guards: true })
    closing.push(server.close)
    const { rules } = await checkHealth(server.url, server.token, { foreignToken: server.foreignToken })
    expect(rules).toEqual(['foreign-token-accepted'])
  })

  it('a vendor is never tried, whoever listed it', async () => {
    const server = await startSdkServer({ authentication: 'none', guards: false })
    closing.push(server.close)
    const statement = { name: 'everything', ownership: 'vendor' as const }
    const over = { settings: { probe: [{ url: server.url }], servers: [statement] } }
    const { rules, verdict } = await checkHealth(server.url, null, over)
    expect(rules).toEqual([])
    expect(verdict.unknowns.join()).toContain('belongs to a vendor')
    expect(verdict.passes.join()).toContain('liveness')
  })

  it('one that asks for a token and looks at nothing else fails Origin and Host behind it', async () => {
    const server = await startSdkServer({ authentication: 'bearer', guards: false })
    closing.push(server.close)
    const { rules } = await checkHealth(server.url, server.token)
    expect(rules).toEqual(['forged-host-accepted', 'forged-origin-accepted'])
  })

  it('unreachable is unknown, not pass and not fail', async () => {
    const gone = await serve(() => {})
    await gone.close()
    const { verdict, rules } = await checkHealth(gone.url, null)
    expect(rules).toEqual([])
    expect(verdict).toMatchObject({ verdict: 'unknown', findings: [] })
    // Liveness, the sockets, and each control that is tried of a server without a token.
    expect(verdict.unknowns).toHaveLength(9)
  })

  it.each(['answers 500', 'answers HTML', 'closes at once'] as const)(
    'a server that %s is unknown',
    async (behaviour) => {
      const server = await serve(misbehaving[behaviour])
      closing.push(server.close)
      const { verdict, rules } = await checkHealth(server.url, null)
      expect(rules).toEqual([])
      expect(verdict.verdict).toBe('unknown')
    },
  )

  it('a server that is not listed is not touched', async () => {
    let requests = 0
    const server = await serve((_, response) => {
      requests += 1
      response.end()
    })
    closing.push(server.close)
    const { verdict } = await checkHealth(server.url, null, { settings: { probe: [] } })
    expect(requests).toBe(0)
    expect(verdict).toMatchObject({
      verdict: 'unknown',
      unknowns: [expect.stringContaining('under probe'), expect.anything()],
    })
  })
})
