import type { DeclaredServer } from '../observations/declared-server.ts'

/** A declared server in which nothing is remarkable: a test names what matters to it, and takes the rest from here. */
export const plainServer: DeclaredServer = {
  client: 'claude-desktop',
  scope: 'user',
  path: '/home/ada/config.json',
  name: 'fs',
  project: null,
  transport: 'stdio',
  command: null,
  args: [],
  env: {},
  url: null,
  urlSecrets: [],
  headers: {},
  cwd: null,
  disabled: false,
  autoApprove: [],
  launch: { via: 'shell' },
  other: {},
}
