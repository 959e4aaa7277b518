import { UserError } from '@upkeep/contract'
import { plain } from '@upkeep/engine/report/paint'
import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { remoteNamed } from './remote-named.ts'

/** Forgets a login, and asks its authorization server to end it. */
export const logout = defineOperation({
  id: 'logout',
  summary: 'forget the login to a remote server, and end its token where that is possible',
  effect: 'write',
  role: 'operator',
  at: 'terminal',
  input: z.strictObject({ server: z.string().min(1).describe('The server, by name, id or address') }),
  output: z.strictObject({
    name: z.string(),
    url: z.string(),
    revoked: z.boolean(),
    reason: z.string().describe('Why it could not be ended at its authorization server; empty when it was'),
  }),
  cli: {
    verb: 'logout',
    positionals: ['server'],
    listed: 'rest',
    examples: [{ command: 'upkeep logout crm', says: 'nothing that opens it stays on this machine' }],
  },
  async run(context, { server }) {
    const { name, url } = await remoteNamed(context, server)
    const gone = await context.acts.logOut(url)
    if (gone === null) {
      throw new UserError('not-found', `There is no login to "${name}".`, 'Nothing has to be given back.')
    }
    const ended = gone.revoked ? 'Its token was revoked.' : `Its token was not revoked: ${gone.reason}.`
    return {
      output: { name, url, ...gone },
      text: (style) => `The login to ${plain(style, name, 200)} is forgotten here. ${plain(style, ended, 500)}\n`,
    }
  },
})
