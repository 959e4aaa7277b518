import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const cache = join(tmpdir(), 'upkeep-lab-cache')
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=20000']

/** The folder into which one version of a package was installed, once per machine with scripts off; null where the registry is out of reach. */
export async function installedPackage(name: string, version: string): Promise<string | null> {
  const home = join(cache, `${name.replace('/', '__')}-${version}`)
  const manifest = join(home, 'node_modules', name, 'package.json')
  if (existsSync(manifest)) return home
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'draft-'))
  // As npm makes folders: whoever runs in the sandbox is somebody else.
  chmodSync(draft, 0o755)
  try {
    writeFileSync(join(draft, 'package.json'), '{"private":true}')
    const words = ['install', ...quiet, '-E', `${name}@${version}`]
    await promisify(execFile)('npm', words, { cwd: draft, timeout: 110_000 })
    renameSync(draft, home)
    return home
  } catch {
    rmSync(draft, { recursive: true, force: true })
    return existsSync(manifest) ? home : null
  }
}
