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
    facts: z.object({
      url: z.string(),
      port: z.int(),
      addresses: z.array(z.string()),
      /** What trying showed, where the sockets are not known. */
      detail: z.string().optional(),
    }),
    identity: ['url'],
  }),
  'traffic-unprotected': rule({
    version: 1,
    title: 'Traffic can be read or changed on the way',
    severity: 'high',
    help: `Serve it over TLS 1.2 or newer alone, with a certificate that clients trust; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'foreign-token-accepted': rule({
    version: 1,
    title: 'A token that is not for this server is accepted',
    severity: 'critical',
    help: `Have the signature and the audience of every token checked against the address of the server; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'session-weak': rule({
    version: 1,
    title: 'A session can be guessed, or used without a credential',
    severity: 'high',
    help: `Draw session ids from a secure random source, and check the token of every request; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'error-tells-much': rule({
    version: 1,
    title: 'An error gives away what is behind it',
    severity: 'medium',
    help: `Answer errors with a code and a short text, and keep traces in the log; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'oversized-input-accepted': rule({
    version: 1,
    title: 'A message of any size is accepted',
    severity: 'medium',
    help: `Limit the size of messages, in the server or in the proxy before it; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'denied-call-served': rule({
    version: 1,
    title: 'A call that must be denied is served',
    severity: 'high',
    help: `Deny the tool where the calls pass; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'denial-not-logged': rule({
    version: 1,
    title: 'A denial does not arrive in the log',
    severity: 'medium',
    help: `See that the log of the control is written and delivered; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'token-passed-on': rule({
    version: 1,
    title: 'The token of a client is passed on to an upstream',
    severity: 'high',
    help: `Whoever runs the upstream can act as the client here. Ask it with a credential of the server's own; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'no-rate-limit': rule({
    version: 1,
    title: 'A client that asks too often is not slowed down',
    severity: 'medium',
    help: `Limit how often one client may call; ${again}.`,
    facts: tried,
    identity: ['url'],
  }),
  'certificate-ends': rule({
    version: 1,
    title: 'The certificate ends soon',
    severity: 'medium',
    help: `Renew the certificate, and have it renewed by itself from now on; ${again}.`,
    facts: z.object({ url: z.string(), validTo: z.string() }),
    identity: ['url', 'validTo'],
  }),
}
export type Rules = typeof rules
