import {
  type Facts,
  ordinaryBounds,
  type RunConsent,
  type SandboxPort,
  type Seen,
  type Settings,
  ToolSurface,
} from '@upkeep/contract'
import { createMcpPort } from '@upkeep/engine/ports/mcp'
import { callFor, declaredUrl, realPorts, settingsWith } from '@upkeep/lab/servers/declared'
import { installedServer } from '@upkeep/lab/servers/installed-server'
import { labSandbox, packageUnderTest, sandboxHere } from '@upkeep/lab/servers/under-test'
import { describe, expect, test } from 'vitest'
import { toolSurface } from './collector.ts'

const server = await installedServer('filesystem', '2026.8.31')
const isolates = !('state' in (await sandboxHere()))
const declared = declaredUrl('http://127.0.0.1:1/mcp', realPorts(), { transport: 'stdio', url: null })
const called = callFor(declared)

function planOf(home: string): Facts<'run-plan'> {
  const { file, shows } = packageUnderTest(home, '@modelcontextprotocol/server-filesystem')
  return {
    command: 'c'.repeat(64),
    bytes: 'b'.repeat(64),
    shown: 'npx server-filesystem /home/ada/notes',
    runtime: 'node',
    file,
    packages: null,
    args: [{ text: '/home/ada/notes', standIn: false }],
    env: {},
    shows,
    folders: ['/home/ada/notes'],
  }
}

function consentTo({ command, bytes, shown }: Facts<'run-plan'>, over: Partial<RunConsent> = {}): RunConsent {
  const signer = { person: 'ada', presence: 'not-proven' as const, signature: null }
  const at = '2026-11-22T09:00:00.000Z'
  return { id: 'c1', at, subject: called.subject, command, bytes: bytes ?? '', shown, withdraws: null, signer, ...over }
}

/** What the collector says, and how often anything was started. */
async function collect(plan: Seen<'run-plan'>, settings: Partial<Settings>) {
  let started = 0
  const real = labSandbox()
  const sandbox: SandboxPort = {
    backend: real.backend,
    start: (run, needs) => {
      started += 1
      expect(run).toMatchObject({ network: 'none', bounds: ordinaryBounds })
      return real.start(run, needs)
    },
  }
  const [observation] = await toolSurface.collect({
    for: called,
    prior: { 'run-plan': [{ kind: 'run-plan', subject: called.subject, ...plan }] },
    ports: { mcp: createMcpPort(), sandbox },
    settings: settingsWith(settings),
    at: '2026-11-22T09:00:00.000Z',
    signal: { aborted: false },
  })
  return { observation, started }
}

describe.skipIf(server === null || !isolates)(
  'listing in the sandbox (needs the npm registry once, and a sandbox)',
  () => {
    const plan = planOf(server?.home ?? '')
    const planned = { state: 'seen' as const, facts: plan }

    test('a server that may be run is started, listed three times and ended', async () => {
      const { observation, started } = await collect(planned, { prove: 'all', consents: [consentTo(plan)] })
      expect(started).toBe(1)
      if (observation?.state !== 'seen') throw new Error(JSON.stringify(observation))
      const facts = ToolSurface.parse(observation.facts)
      expect(facts).toMatchObject({ transport: 'stdio', timesListed: 3, toolsLater: null, truncated: false, why: '' })
      expect(facts.tools).toHaveLength(14)
    })

    test.each<[string, Seen<'run-plan'>, Partial<Settings>, object]>([
      ['the round was not asked to', planned, { consents: [consentTo(plan)] }, { code: 'not-consented' }],
      [
        'another server was meant',
        planned,
        { prove: ['other'], consents: [consentTo(plan)] },
        { code: 'not-consented' },
      ],
      [
        'nobody let it be run',
        planned,
        { prove: 'all' },
        { code: 'not-consented', reason: 'nobody has let it be run' },
      ],
      [
        'its bytes have changed',
        planned,
        { prove: 'all', consents: [consentTo(plan, { bytes: 'a'.repeat(64) })] },
        { code: 'not-consented', reason: expect.stringContaining('its bytes have changed') },
      ],
      [
        'it cannot be run',
        { state: 'unavailable', code: 'not-supported', reason: 'a container' },
        { prove: 'all' },
        { code: 'not-supported', reason: 'a container' },
      ],
    ])('nothing is started where %s', async (_, given, settings, expected) => {
      const { observation, started } = await collect(given, settings)
      expect(observation).toMatchObject({ kind: 'tool-surface', state: 'unavailable', ...expected })
      expect(started).toBe(0)
    })
  },
)
