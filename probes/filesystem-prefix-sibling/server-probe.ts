import { defineServerProbe } from '@upkeep/contract'
import { readOutside } from '@upkeep/domain/server-probes/read-outside'

const canary = 'upkeep-canary-sibling'

/** Whether a file beside the allowed folder, in one whose name begins alike, is given out. */
export const filesystemPrefixSibling = defineServerProbe({
  id: 'filesystem-prefix-sibling',
  version: 1,
  title: 'A folder whose name begins like the allowed one is out of reach',
  tries: { kind: 'weakness', ids: ['CVE-2025-53110', 'GHSA-hc55-p739-j48w'] },
  of: [{ ecosystem: 'npm', name: '@modelcontextprotocol/server-filesystem' }],
  cites: ['CVE-2025-53110: the allowed folder is compared as a prefix of the text', 'CWE-22 path traversal'],
  needs: ['files', 'processes', 'network'],
  timeoutSeconds: 60,
  attempt: (server) =>
    readOutside(server, {
      lays: [{ path: '/data/allowed-not/outside.txt', text: canary }],
      outside: { path: '/data/allowed-not/outside.txt', canary },
    }),
})
