import { createHash, randomBytes } from 'node:crypto'
import { Attestation, Role, UserError } from '@upkeep/contract'
import { dayOf } from '@upkeep/domain/distance'
import { shellWord } from '@upkeep/domain/shell-word'
import { newId } from '@upkeep/engine/kernel/ids'
import { z } from 'zod'
import type { Context } from './context.ts'
import { endOfDay } from './days.ts'
import { defineOperation } from './operation.ts'
import { keepAttestation } from './sign-attestation.ts'
import { scopeWords, TokenName } from './token-output.ts'

const longestDays = 366

/** Makes a token for a program. It is shown this once; what is kept opens nothing. */
export const tokenNew = defineOperation({
  id: 'token.new',
  summary: 'make a token by which a program may use the API',
  effect: 'write',
  role: 'admin',
  at: 'terminal',
  input: z.strictObject({
    name: TokenName.describe('What it is called in records: a name is given once'),
    role: Role.default('viewer').describe('What it may do; it decides nothing, whatever its role'),
    until: z.string().default('90d').describe('The last day it opens: 2026-12-31, or 90d; within a year'),
    operations: z
      .array(z.string().min(1).max(200))
      .default([])
      .describe('Only these operations; left out, all that its role may use'),
  }),
  output: z.strictObject({
    name: z.string(),
    token: z.string().describe('Shown this once'),
    role: Role,
    operations: z.array(z.string()).nullable(),
    until: z.string(),
  }),
  cli: {
    verb: 'token new',
    positionals: ['name'],
    listed: 'rest',
    examples: [
      { command: 'upkeep token new ci', says: 'may look, for 90 days; the token is shown this once' },
      {
        command: 'upkeep token new board --operations findings,servers --until 30d',
        says: 'may ask for these two, and nothing else',
      },
    ],
  },
  decides: () => true,
  async run(context, { name, role, until: day, operations: named }) {
    const at = context.clock.now()
    const until = endOf(day, at)
    const operations = named.length === 0 ? null : reachable(context, named)
    const token = `upk_${randomBytes(32).toString('base64url')}`
    const digest = createHash('sha256').update(token).digest('hex')
    const record = tokenRecord(context, { name, at, until, statement: scopeWords({ role, operations, until }) })
    await keepAttestation(context, record, async (tx) => {
      if (await tx.tokens.add({ name, digest, role, operations, madeBy: context.signer.person, at, until })) return
      throw new UserError('bad-input', `A token was called "${name}" before.`, 'Give another name, such as ci-2.')
    })
    return {
      output: { name, token, role, operations, until },
      text: () =>
        `${token}\n\nShown this once; kept is its digest. ${scopeWords({ role, operations, until })}.\nSend it as "Authorization: Bearer <token>". To end it: upkeep token revoke ${shellWord(name)}\n`,
    }
  },
})

/** What is sealed of a token that is made or ended: by whom, and what it opens. Never what opens it. */
export function tokenRecord(
  { signer }: Pick<Context, 'signer'>,
  { name, at, until, statement }: { name: string; at: string; until: string; statement: string },
): Attestation {
  const who = { person: signer.person, role: 'admin' as const, signer }
  const what = { scope: `api-token/${name}`, statement, evidence: [], limits: '', revokes: null }
  return Attestation.parse({ id: newId(at), at, validUntil: until, ...what, ...who })
}

function endOf(day: string, at: string): string {
  const until = endOfDay(day, at)
  if (until <= at) throw new UserError('bad-input', 'That day is over.', 'Give a later day with --until.')
  if (until > endOfDay(`${longestDays}d`, at))
    throw new UserError(
      'bad-input',
      `A token opens for ${longestDays} days at most (${dayOf(until)} is later).`,
      'Give an earlier day with --until.',
    )
  return until
}

/** Names may be given one by one, or in one word with commas. */
function reachable({ operations }: Pick<Context, 'operations'>, named: readonly string[]): string[] {
  const asked = [...new Set(named.flatMap((one) => one.split(',')))].map((one) => one.trim().replaceAll(' ', '.'))
  const foreign = asked.find((one) => !operations.includes(one))
  if (foreign === undefined) return asked.toSorted()
  throw new UserError(
    'not-found',
    `The API has no operation "${foreign.slice(0, 80)}".`,
    `It has: ${operations.join(', ')}.`,
  )
}
