import { defineProbe } from '@upkeep/contract'
import { tryForgedHeader } from '@upkeep/domain/negative-request/forged-header'
import { forgedOrigin } from '@upkeep/domain/negative-request/trial'

/** Whether a server refuses a request that says it comes from a foreign web page. */
export const origin = defineProbe({
  id: 'origin',
  version: 1,
  title: 'A forged Origin is refused',
  control: 'origin',
  cites: [
    'MCP 2025-11-25, transports, security warning 1: servers MUST validate Origin; one that is present and invalid MUST get HTTP 403',
    'CWE-346 origin validation error',
  ],
  reaches: ['http'],
  timeoutSeconds: 45,
  attempt: (subject, { http }) =>
    tryForgedHeader(subject, http, { name: 'origin', value: forgedOrigin, refusedBy: [403] }),
})
