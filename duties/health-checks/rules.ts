import { rule } from '@upkeep/contract'
import { z } from 'zod'

const tried = z.object({
  url: z.string(),
  /** What was sent and what came back, in one line. */
  detail: z.string(),
})
const again = 'then run upkeep scan again'

export const rules = {
  'unauthenticated-call-answered': rule({
    version: 1,
    title: 'A call without a credential is answered',
    severity: 'high',
    help: `Let the server, or a proxy that it cannot be reached without, refuse calls without a valid token; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'forged-origin-accepted': rule({
    version: 1,
    title: 'A request from a foreign web page is accepted',
    severity: 'high',
    help: `Have every request refused with HTTP 403 whose Origin is not on a list of your own; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'forged-host-accepted': rule({
    version: 1,
    title: 'A request for a foreign host name is accepted',
    severity: 'high',
    help: `Have every request refused whose Host is not a name of this server, against DNS rebinding; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'wildcard-cors': rule({
    version: 1,
    title: 'Every web page may read the answers',
    severity: 'medium',
    help: `Take access-control-allow-origin out of the answers, or name the one origin that needs it; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'bound-beyond-loopback': rule({
    version: 1,
    title: 'A local server listens to the network',
    severity: 'high',
    help: `Bind the server to 127.0.0.1 (often --host or HOST), or block the port from outside; ${again}.`,
    facts: z.object({ url: z.string(), port: z.int(), addresses: z.array(z.string()) }),
    identity: ['url'],
  }),
}
export type Rules = typeof rules
