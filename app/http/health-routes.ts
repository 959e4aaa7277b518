import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { z } from 'zod'
import { type Principal, permission } from './access/principal.ts'
import { sendProblem } from './problem.ts'
import type { OperationRunner } from './work/runner.ts'

/**
 * `/health/live`: the process answers. `/health/ready`: the state can be read. Both say nothing else. `/metrics`: for Prometheus, and
 * for those who may look.
 */
export function healthRoutes(server: FastifyInstance, runner: OperationRunner): void {
  const { registry, duration, fleet } = metrics()
  server.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    duration.labels(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1_000)
  })
  server.get('/health/live', { logLevel: 'warn' }, async () => ({ status: 'pass' }))
  server.get('/health/ready', { logLevel: 'warn' }, async (_request, reply) => {
    const answer = await runner.run(look('duties', probe))
    const isFine = answer.state !== 'failed'
    return reply.code(isFine ? 200 : 503).send({ status: isFine ? 'pass' : 'fail' })
  })
  server.get('/metrics', { logLevel: 'warn' }, async (request, reply) => {
    // They tell what the operation "status" tells.
    const { principal, refusal } = permission(request.principal, { role: 'viewer', operation: { id: 'status' } })
    if (refusal !== null) return sendProblem(reply, refusal)
    const answer = await runner.run(look('figures', principal))
    if (answer.state === 'answered') fleet(Figures.parse(JSON.parse(answer.body)))
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

const probe: Pick<Principal, 'person' | 'roles' | 'agent'> = { person: 'health', roles: ['viewer'], agent: true }

function look(operation: string, { person, roles, agent }: Pick<Principal, 'person' | 'roles' | 'agent'>) {
  const caller = { person, roles, agent }
  return { operation, effect: 'read' as const, input: {}, caller, page: null, known: null, key: null }
}

const Figures = z.looseObject({
  observedAt: z.string().nullable(),
  open: z.record(z.string(), z.int()),
  totals: z.looseObject({ unknown: z.int() }),
  servers: z.int(),
})

function metrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'upkeep_' })
  const registers = [registry]
  const duration = new Histogram({
    name: 'upkeep_http_request_duration_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const open = gauge('upkeep_findings_open', 'What needs a person, by severity', ['severity'])
  const unknown = gauge('upkeep_unknowns', 'Reasons for which something could not be judged')
  const servers = gauge('upkeep_servers', 'Servers under care')
  const seen = gauge('upkeep_last_observed_timestamp_seconds', 'When anything was last looked at')
  return {
    registry,
    duration,
    fleet({ observedAt, open: bySeverity, totals, servers: count }: z.infer<typeof Figures>) {
      for (const [severity, things] of Object.entries(bySeverity)) open.labels(severity).set(things)
      unknown.set(totals.unknown)
      servers.set(count)
      if (observedAt !== null) seen.set(Date.parse(observedAt) / 1_000)
    },
  }
}
