import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { permission } from './access/principal.ts'
import type { Exposed } from './exposed.ts'
import { apiRoot, namesPrototype, questionOf } from './operation-routes.ts'
import { sendProblem } from './problem.ts'
import type { Problem } from './work/messages.ts'
import type { OperationRunner } from './work/runner.ts'

/** How many are made at a time: each takes a thread and room on the disk. */
const mostAtOnce = 2

/**
 * What an operation writes into a file is handed out as one: written into a folder of ours at its own pace, so that a slow caller holds up nothing,
 * then sent, and gone.
 */
export function downloadRoutes(
  server: FastifyInstance,
  files: readonly Exposed[],
  { runner, stateDir }: { runner: OperationRunner; stateDir: string },
): void {
  const folder = join(stateDir, 'downloads')
  // What a stopped process left.
  rmSync(folder, { recursive: true, force: true })
  server.addHook('onClose', async () => rmSync(folder, { recursive: true, force: true }))
  const making = { now: 0 }
  for (const one of files)
    server.get(`${apiRoot}/${one.path}`, (request, reply) => handOut(one, { folder, runner, making }, request, reply))
}

interface Workshop {
  readonly folder: string
  readonly runner: OperationRunner
  readonly making: { now: number }
}

async function handOut(
  one: Exposed,
  { folder, runner, making }: Workshop,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { principal, refusal } = permission(request.principal, one)
  if (refusal !== null) return sendProblem(reply, refusal)
  if (namesPrototype(request)) return sendProblem(reply, wrongField)
  const asked = questionOf(one, request)
  if ('code' in asked) return sendProblem(reply, asked)
  if (!one.input.safeParse(asked.input).success) return sendProblem(reply, wrongField)
  if (making.now >= mostAtOnce) return sendProblem(reply, tooMany)
  const { person, roles, agent } = principal
  const { download, id } = one.operation
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, request.id)
  const gone = new AbortController()
  request.raw.once('close', () => request.raw.destroyed && gone.abort())
  const call = { operation: id, effect: 'read' as const, caller: { person, roles, agent }, ...asked }
  making.now += 1
  const answer = await runner.file(call, path, { signal: gone.signal }).finally(() => {
    making.now -= 1
  })
  if (answer.state !== 'answered') {
    rmSync(path, { force: true })
    return sendProblem(reply, answer.state === 'failed' ? answer.problem : tooMany)
  }
  const stream = createReadStream(path)
  stream.once('close', () => rmSync(path, { force: true }))
  return reply
    .header('cache-control', 'no-store')
    .header('content-length', Object(JSON.parse(answer.body)).bytes)
    .header('content-disposition', `attachment; filename="${download?.name}"`)
    .type(download?.type ?? 'application/octet-stream')
    .send(stream)
}

const wrongField: Problem = {
  code: 'bad-input',
  message: 'A field is not one that this takes, or has the wrong form.',
  means: 'Nothing was handed out.',
  action: 'See /openapi.json.',
}
const tooMany: Problem = {
  code: 'too-many',
  message: 'Other files are being made.',
  means: 'Nothing was handed out.',
  action: 'Ask again in a minute.',
}
