import { rule } from '@upkeep/contract'
import { z } from 'zod'

export const rules = {
  'does-not-start': rule({
    version: 1,
    title: 'Does not start in the sandbox',
    severity: 'high',
    help: 'The bytes that the client would start answer in no era of the protocol, although they need no network and no secret. Read the reason, and put the installation or the command line right.',
    facts: z.object({ details: z.array(z.string()) }),
    identity: [],
  }),
  'golden-call-differs': rule({
    version: 1,
    title: 'A call that has to go on working comes to something else',
    severity: 'high',
    help: 'Whoever relies on the call gets another answer or none. Keep the version in which it worked, or change the callers and record the call anew.',
    facts: z.object({ call: z.string(), tool: z.string(), kind: z.string(), was: z.string(), is: z.string() }),
    identity: ['call'],
  }),
  flaky: rule({
    version: 1,
    title: 'The same test twice does not come to the same',
    severity: 'medium',
    help: 'What comes out differently by itself proves nothing, neither before an update nor after it. Find what it depends on; where only the text may differ, say so with textMayDiffer.',
    facts: z.object({ what: z.string() }),
    identity: ['what'],
  }),
  'secret-repeated': rule({
    version: 1,
    title: 'A secret that it is given turns up in what it says',
    severity: 'high',
    help: 'What stood in for the secret came back in an answer, in its log or in what it tried to reach: the real one would reach the model or a third party as well. Update it, take the tool away that tells, or give it a secret of little reach.',
    facts: z.object({ name: z.string() }),
    identity: ['name'],
  }),
  'attack-works': rule({
    version: 1,
    title: 'A probe that applies to it fails',
    severity: 'high',
    help: 'What was tried on these very bytes in the sandbox worked. Do not put them into use; the finding of vulnerability scanning names the version on which it fails.',
    facts: z.object({ probe: z.string(), detail: z.string() }),
    identity: ['probe'],
  }),
  'left-behind': rule({
    version: 1,
    title: 'Something of the test is left',
    severity: 'medium',
    help: 'A process, a folder or a group could not be removed after the server was stopped. End or remove what is named, and report it: nothing should be able to stay.',
    facts: z.object({ left: z.array(z.string()) }),
    identity: [],
  }),
}
export type Rules = typeof rules
