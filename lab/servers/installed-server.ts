import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const cache = join(tmpdir(), 'upkeep-lab-cache')

/** A reference server in one version: where it was installed, and its script. */
export interface InstalledServer {
  home: string
  script: string
}

/** One of the official reference servers, installed once per machine with scripts off; null where the registry is out of reach. */
export async function installedServer(
  name: 'everything' | 'filesystem',
  version: string,
): Promise<InstalledServer | null> {
  const whole = `@modelcontextprotocol/server-${name}`
  const home = join(cache, `server-${name}-${version}`)
  const script = join(home, 'node_modules', whole, 'dist/index.js')
  if (existsSync(script)) return { home, script }
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'draft-'))
  try {
    writeFileSync(join(draft, 'package.json'), '{"private":true}')
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=20000']
    await promisify(execFile)('npm', ['install', ...quiet, '-E', `${whole}@${version}`], {
      cwd: draft,
      timeout: 110_000,
    })
    renameSync(draft, home)
    return { home, script }
  } catch {
    rmSync(draft, { recursive: true, force: true })
    return existsSync(script) ? { home, script } : null
  }
}
