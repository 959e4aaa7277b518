import { defineProbe } from '@upkeep/contract'
import { tryForgedHeader } from '@upkeep/domain/negative-request/forged-header'
import { forgedHost } from '@upkeep/domain/negative-request/trial'

/** Whether a server refuses a request for a name that is not its own, as a rebound DNS name would make a browser send. */
export const host = defineProbe({
  id: 'host',
  version: 1,
  title: 'A forged Host is refused',
  control: 'host',
  cites: [
    'MCP 2025-11-25, transports, security warning: without protection a web page can reach a local server by DNS rebinding',
    'RFC 9110 section 7.4: a request for a name the server does not answer for may be rejected with 421',
    'CWE-350 reliance on reverse DNS resolution; DNS rebinding',
  ],
  reaches: ['http'],
  timeoutSeconds: 45,
  attempt: (subject, { http }) =>
    tryForgedHeader(subject, http, { name: 'host', value: forgedHost, refusedBy: [400, 403, 421] }),
})
