import { Role } from '@upkeep/contract'
import { ago } from '@upkeep/domain/distance'
import { shellWord } from '@upkeep/domain/shell-word'
import { plain } from '@upkeep/engine/report/paint'
import { layRows } from '@upkeep/engine/report/rows'
import type { StoredToken } from '@upkeep/engine/store/tokens'
import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { scopeWords } from './token-output.ts'

const Listed = z.strictObject({
  name: z.string(),
  state: z.enum(['open', 'ended', 'revoked']),
  role: Role,
  operations: z.array(z.string()).nullable().describe('Null: every one that the role may use'),
  madeBy: z.string(),
  at: z.string(),
  until: z.string(),
  revokedAt: z.string().nullable(),
  usedAt: z.string().nullable().describe('To the minute; null: never'),
})

/** The tokens that were ever made, and what opens still. */
export const tokenList = defineOperation({
  id: 'token.list',
  summary: 'list the tokens of programs, and when each was last used',
  effect: 'read',
  role: 'auditor',
  unkept: true,
  pages: 'tokens',
  input: z.strictObject({}),
  output: z.strictObject({ tokens: z.array(Listed) }),
  cli: {
    verb: 'token list',
    positionals: [],
    listed: 'rest',
    examples: [{ command: 'upkeep token list', says: 'what opens the API, for whom, until when' }],
  },
  async run(context) {
    const now = context.clock.now()
    const store = await context.existingStore()
    const tokens = ((await store?.tokens.list()) ?? []).map((one) => listed(one, now))
    return {
      output: { tokens },
      text: (style) =>
        tokens.length === 0
          ? 'No program has a token.\n'
          : `${layRows(
              tokens.map((one) => ({
                label: one.state,
                tone: one.state === 'open' ? ('cyan' as const) : ('dim' as const),
                name: plain(style, one.name),
                lines: [scopeWords(one), `made by ${plain(style, one.madeBy)}; ${usedWords(one, now)}`],
                command: one.state === 'open' ? `upkeep token revoke ${shellWord(one.name)}` : null,
              })),
              style,
            ).join('\n')}\n`,
    }
  },
})

function listed(token: StoredToken, now: string): z.infer<typeof Listed> {
  const { digest: _, operations, ...rest } = token
  const state = token.revokedAt !== null ? 'revoked' : token.until <= now ? 'ended' : 'open'
  return { ...rest, operations: operations === null ? null : [...operations], state }
}

function usedWords({ usedAt }: Pick<StoredToken, 'usedAt'>, now: string): string {
  return usedAt === null ? 'never used' : `last used ${ago(usedAt, now)}`
}
