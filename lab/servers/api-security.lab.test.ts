import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiSecurityUpdates } from '@upkeep/duties/api-security-updates/duty'
import { assessRun } from '@upkeep/engine/assess/assess-run'
import { indexObservations } from '@upkeep/engine/kernel/observation-index'
import { afterEach, describe, expect, it } from 'vitest'
import { startBare } from '../fleet/everything.ts'
import { startAuthProxy } from './auth-proxy.ts'
import { type ListedRound, lookAtListed } from './listed-round.ts'
import { startSdkServer } from './sdk-server.ts'
import { installedEverything } from './server-everything.ts'

const at = '2026-11-27T09:00:00.000Z'
const requirements = join(import.meta.dirname, '../../packs/mcp-requirements/requirements.json')
const script = await installedEverything()
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Which requirements a server does not meet, with their severity, and which it was shown to meet. */
async function sheet(url: string, over: Partial<ListedRound> = {}) {
  const kinds = [
    'declared-server',
    'requirement-set',
    'endpoint',
    'control-probes',
    'api-metadata',
    'tool-surface',
  ] as const
  const observations = await lookAtListed({ url, kinds, at, settings: { requirements }, ...over })
  const { verdicts, stated, defects } = assessRun(apiSecurityUpdates, indexObservations(observations), {}, at)
  expect(defects).toEqual([])
  const open = stated.map(({ facts, severity }) => `${facts.requirement} ${severity}`).sort()
  const met = (verdicts[0]?.passes ?? []).map((line) => line.split(' ')[0]).sort()
  return { open, met, unknowns: verdicts[0]?.unknowns ?? [] }
}

/** Worked out by hand from the requirements and from how each server is built. */
const aboutTokens = ['authorization-servers', 'endpoints-https', 'issuer-equals', 'issuer-metadata', 'pkce-s256']
const published = [...aboutTokens, 'resource-equals', 'resource-metadata']

describe('the matrix of requirements', () => {
  it.skipIf(script === null)('bare server-everything (needs the npm registry once)', async () => {
    const bare = await startBare(script ?? '')
    closing.push(bare.stop)
    expect(await sheet(bare.url)).toEqual({
      open: ['authentication high', 'origin high'],
      met: ['no-sse', 'sessions'],
      unknowns: [],
    })
  })

  it.skipIf(script === null)('the same behind the auth proxy (needs the npm registry once)', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'upkeep-everything-'))
    const proxy = await startAuthProxy({
      command: process.execPath,
      args: [script ?? '', 'stdio'],
      env: { HOME: cwd },
      cwd,
    })
    closing.push(proxy.close, async () => rmSync(cwd, { recursive: true, force: true }))
    expect(await sheet(proxy.url, { token: proxy.token, foreignToken: proxy.foreignToken })).toEqual({
      open: ['client-id-documents low'],
      met: [...published, 'audience', 'authentication', 'no-sse', 'origin', 'sessions'].sort(),
      unknowns: [],
    })
  })

  it('a server of the official SDK with bearer tokens and metadata', async () => {
    const server = await startSdkServer({ authentication: 'bearer', guards: true })
    closing.push(server.close)
    const { token, foreignToken } = server
    expect(await sheet(server.url, { token, foreignToken })).toEqual({
      open: ['client-id-documents low', 'iss-parameter low'],
      met: [...published, 'audience', 'authentication', 'no-logging', 'no-sse', 'origin'].sort(),
      unknowns: [],
    })
  })

  it('one that takes a token for another server is critical, and the rest is as it was', async () => {
    const server = await startSdkServer({ authentication: 'any-audience', guards: true })
    closing.push(server.close)
    const { token, foreignToken } = server
    const { open } = await sheet(server.url, { token, foreignToken })
    expect(open).toEqual(['audience critical', 'client-id-documents low', 'iss-parameter low'])
  })
})
