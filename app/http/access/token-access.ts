import { createHash } from 'node:crypto'
import { tokenPerson } from '../../operations/token-output.ts'
import type { OperationRunner } from '../work/runner.ts'
import type { Principal } from './principal.ts'

const form = /^bearer (upk_[A-Za-z0-9_-]{43})$/i

/**
 * Who shows a token. It is looked up at each request, so that one that was revoked a moment ago opens nothing; what is looked for is its digest.
 * Null where it opens nothing.
 */
export async function tokenPrincipal(
  runner: Pick<OperationRunner, 'token' | 'used'>,
  shown: string,
  now: () => number = Date.now,
): Promise<Principal | null> {
  const token = form.exec(shown)?.[1]
  if (token === undefined) return null
  const found = await runner.token(createHash('sha256').update(token).digest('hex'))
  const at = new Date(now()).toISOString()
  if (found === null || found.revokedAt !== null || found.until <= at) return null
  if (found.usedAt === null || Date.parse(at) - Date.parse(found.usedAt) >= 60_000) runner.used(found.name, at)
  const { name, role, operations } = found
  return { person: tokenPerson(name), roles: [role], operations, agent: true, by: 'token' }
}
