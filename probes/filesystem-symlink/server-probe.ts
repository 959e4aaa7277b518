import { defineServerProbe } from '@upkeep/contract'
import { readOutside } from '@upkeep/domain/server-probes/read-outside'

const canary = 'upkeep-canary-linked'

/** Whether a symbolic link inside the allowed folder leads to a file outside of it. */
export const filesystemSymlink = defineServerProbe({
  id: 'filesystem-symlink',
  version: 1,
  title: 'A link inside the allowed folder does not lead out of it',
  tries: { kind: 'weakness', ids: ['CVE-2025-53109', 'GHSA-q66q-fx2p-7w4m'] },
  of: [{ ecosystem: 'npm', name: '@modelcontextprotocol/server-filesystem' }],
  cites: ['CVE-2025-53109: a link whose target is refused is opened after all', 'CWE-59 link following'],
  needs: ['files', 'processes', 'network'],
  timeoutSeconds: 60,
  attempt: (server) =>
    readOutside(server, {
      lays: [
        { path: '/data/elsewhere/outside.txt', text: canary },
        { path: '/data/allowed/link.txt', linkTo: '/data/elsewhere/outside.txt' },
      ],
      outside: { path: '/data/allowed/link.txt', canary },
    }),
})
