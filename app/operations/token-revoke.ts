import { UserError } from '@upkeep/contract'
import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { keepAttestation } from './sign-attestation.ts'
import { tokenRecord } from './token-new.ts'
import { TokenName } from './token-output.ts'

/** Ends a token: the next request that shows it is refused. */
export const tokenRevoke = defineOperation({
  id: 'token.revoke',
  summary: 'end a token of a program, at once',
  effect: 'write',
  role: 'admin',
  input: z.strictObject({ name: TokenName.describe('What it is called: see upkeep token list') }),
  output: z.strictObject({ name: z.string(), revokedAt: z.string() }),
  cli: {
    verb: 'token revoke',
    positionals: ['name'],
    listed: 'rest',
    examples: [{ command: 'upkeep token revoke ci', says: 'it opens nothing from now on' }],
  },
  decides: () => true,
  async run(context, { name }) {
    const at = context.clock.now()
    const none = new UserError('not-found', `No token called "${name}" is open.`, 'List them: "upkeep token list".')
    if ((await context.existingStore()) === null) throw none
    const record = tokenRecord(context, { name, at, until: at, statement: 'Revoked' })
    await keepAttestation(context, record, async (tx) => {
      if (!(await tx.tokens.revoke(name, at))) throw none
    })
    return { output: { name, revokedAt: at }, text: () => `${name} opens nothing from now on.\n` }
  },
})
