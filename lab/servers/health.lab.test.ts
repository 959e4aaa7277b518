import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endpoint } from '@upkeep/collectors/endpoint/collector'
import { listeners } from '@upkeep/collectors/listeners/collector'
import { type AnyCollector, defineCollector, type Settings, type Verdict } from '@upkeep/contract'
import { healthChecks } from '@upkeep/duties/health-checks/duty'
import { assessRun } from '@upkeep/engine/assess/assess-run'
import { collectRound } from '@upkeep/engine/collect/collect-round'
import { indexObservations } from '@upkeep/engine/kernel/observation-index'
import { authentication } from '@upkeep/probes/authentication/probe'
import { cors } from '@upkeep/probes/cors/probe'
import { host } from '@upkeep/probes/host/probe'
import { origin } from '@upkeep/probes/origin/probe'
import { afterEach, describe, expect, it } from 'vitest'
import { startBare } from '../fleet/everything.ts'
import { startAuthProxy } from './auth-proxy.ts'
import { callFor, declaredUrl, realPorts, settingsWith } from './declared.ts'
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
async function checkHealth(url: string, token: string | null, over: Partial<Settings> = {}) {
  const ports = realPorts(token === null ? {} : { LAB_TOKEN: token })
  const { subject, place, server } = callFor(declaredUrl(url, ports))
  const declares: AnyCollector = defineCollector({
    id: 'declares',
    version: 1,
    title: 'The declared server of this test',
    sees: ['declared-server'],
    per: 'place',
    reaches: [],
    after: [],
    timeoutSeconds: 5,
    collect: async () => [{ kind: 'declared-server', subject, state: 'seen', facts: server }],
  })
  const listed = { url, ...(token === null ? {} : { token: 'env:LAB_TOKEN' }) }
  const observations = await collectRound({
    collectors: [declares, endpoint, listeners],
    serverProbes: [],
    probes: [authentication, origin, host, cors],
    kinds: new Set(['declared-server', 'endpoint', 'listener', 'control-probes']),
    places: [place],
    settings: settingsWith({ probe: [listed], ...over }),
    ports,
    at,
    signal: new AbortController().signal,
  })
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

const everyRule = Object.keys(healthChecks.rules).sort()

describe.skipIf(script === null)('server-everything (needs the npm registry once)', () => {
  const path = script ?? ''

  it('bare over streamable HTTP it fails exactly bind, authentication, Origin, Host, CORS', async () => {
    const bare = await startBare(path)
    closing.push(bare.stop)
    const port = 'port' in bare.listen ? bare.listen.port : 0
    const found = await checkHealth(`http://127.0.0.1:${port}/mcp`, null)
    expect(found.verdict).toMatchObject({ verdict: 'fail', unknowns: [] })
    expect(found.rules).toEqual(everyRule)
    const live = found.observations.find(({ kind }) => kind === 'tool-surface')
    expect(live).toMatchObject({
      state: 'seen',
      facts: { serverInfo: { name: expect.stringContaining('everything') } },
    })
  })

  it.each([true, false])('behind the auth proxy it passes (token given: %s)', async (given) => {
    const cwd = mkdtempSync(join(tmpdir(), 'upkeep-everything-'))
    const proxy = await startAuthProxy({ command: process.execPath, args: [path, 'stdio'], env: { HOME: cwd }, cwd })
    closing.push(proxy.close, async () => rmSync(cwd, { recursive: true, force: true }))
    const { verdict, rules, observations } = await checkHealth(proxy.url, given ? proxy.token : null)
    expect(rules).toEqual([])
    expect(verdict).toMatchObject({ verdict: 'pass', unknowns: [] })
    expect(verdict.passes).toHaveLength(6)
    const live = observations.find(({ kind }) => kind === 'tool-surface')
    if (given)
      expect(live).toMatchObject({
        facts: { tools: expect.arrayContaining([expect.objectContaining({ name: 'echo' })]) },
      })
  })
})

describe('other servers', () => {
  it('an SDK server with bearer tokens, RFC 9728 metadata and guards passes', async () => {
    const server = await startSdkServer({ authentication: 'bearer', guards: true })
    closing.push(server.close)
    expect((await checkHealth(server.url, server.token)).verdict.verdict).toBe('pass')
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
    expect(verdict.unknowns).toHaveLength(6)
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
    const { verdict } = await checkHealth(server.url, null, { probe: [] })
    expect(requests).toBe(0)
    expect(verdict).toMatchObject({
      verdict: 'unknown',
      unknowns: [expect.stringContaining('under probe'), expect.anything()],
    })
  })
})
