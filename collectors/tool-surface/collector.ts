import {
  defineCollector,
  type McpPort,
  ordinaryBounds,
  type Refusal,
  type SandboxPort,
  type Seen,
  type Settings,
} from '@upkeep/contract'
import type { Era, ToolSurface } from '@upkeep/contract/observations/tool-surface'
import { consentFor } from '@upkeep/domain/run-plan/consent-for'
import { placeRun } from '@upkeep/domain/run-plan/sandbox-run'

type Plan = Extract<Seen<'run-plan'>, { state: 'seen' }>['facts']
type Hands = { mcp: McpPort; sandbox: SandboxPort }

const lookMs = 20_000
const maxBytes = 8 << 20
/** A server may say something else once it has been looked at. */
const lists = 3

/**
 * What a server that its client starts offers to models: its own bytes are started in the sandbox, where the round was asked to and a person
 * let exactly these be run, and listed. Nothing is called. Servers at a URL are listed by the collector of endpoints.
 */
export const toolSurface = defineCollector({
  id: 'tool-surface',
  version: 1,
  title: 'What servers offer, listed in the sandbox',
  sees: ['tool-surface'],
  per: 'server',
  reaches: ['mcp', 'sandbox'],
  after: ['run-plan'],
  timeoutSeconds: 60,
  async collect({ for: { subject, server }, prior, ports, settings }) {
    if (server.transport !== 'stdio') return []
    return [{ kind: 'tool-surface', subject, ...(await look()) }]

    async function look(): Promise<Seen<'tool-surface'>> {
      const planned = prior['run-plan'][0]
      if (!isAsked(settings, subject.id))
        return unavailable('not-consented', 'its client starts it itself: see upkeep prove')
      if (planned === undefined) return unavailable('not-supported', 'there is no plan for running it')
      if (planned.state !== 'seen') return withoutPlan(planned)
      const consent = consentFor(settings.consents ?? [], subject.id, planned.facts)
      if (consent.state === 'not-given') return unavailable('not-consented', consent.reason)
      const found = await listInSandbox(planned.facts, ports)
      return 'state' in found ? found : { state: 'seen', facts: found }
    }
  },
})

function isAsked({ prove }: Settings, id: string): boolean {
  return prove === 'all' || prove?.includes(id) === true
}

/** A program that ends when it is asked what it does not know is started once more and asked as older clients do. */
async function listInSandbox(plan: Plan, hands: Hands): Promise<ToolSurface | Refusal> {
  const first = await listOnce(plan, hands, ['discover', 'initialize'])
  const ended = 'state' in first && first.code === 'unreachable'
  return ended ? await listOnce(plan, hands, ['initialize']) : first
}

async function listOnce(plan: Plan, { mcp, sandbox }: Hands, eras: readonly Era[]): Promise<ToolSurface | Refusal> {
  const { argv, env, shows, lays } = placeRun(plan)
  const run = { argv, env, shows, lays, cwd: '/data', network: 'none' as const, bounds: ordinaryBounds }
  const program = await sandbox.start(run, ['files', 'processes', 'network'])
  if ('state' in program) return program
  try {
    const found = await mcp.capture(program, { eras, timeoutMs: lookMs, maxBytes, lists })
    return found.state === 'answered' ? found.surface : found
  } finally {
    await program.stop()
  }
}

/** The reason alone: the rest of that observation is of another kind. */
function withoutPlan(planned: Exclude<Seen<'run-plan'>, { state: 'seen' }>): Seen<'tool-surface'> {
  const { state, reason } = planned
  return state === 'absent' ? { state, reason } : { state, code: planned.code, reason }
}

function unavailable(code: 'not-consented' | 'not-supported', reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}
