import { join } from 'node:path'
import { installedPackage } from './installed-package.ts'

/** A reference server in one version: where it was installed, and its script. */
export interface InstalledServer {
  home: string
  script: string
}

/** One of the official reference servers; null where the registry is out of reach. */
export async function installedServer(
  name: 'everything' | 'filesystem',
  version: string,
): Promise<InstalledServer | null> {
  const whole = `@modelcontextprotocol/server-${name}`
  const home = await installedPackage(whole, version)
  return home === null ? null : { home, script: join(home, 'node_modules', whole, 'dist/index.js') }
}
