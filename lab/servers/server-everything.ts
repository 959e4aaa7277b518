import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const name = '@modelcontextprotocol/server-everything'
const version = '2026.8.31'
const cache = join(tmpdir(), 'upkeep-lab-cache')

/** The script of the pinned server-everything, installed once per machine with scripts off; null where the registry is out of reach. */
export async function installedEverything(): Promise<string | null> {
  const home = join(cache, `server-everything-${version}`)
  const script = join(home, 'node_modules', name, 'dist/index.js')
  if (existsSync(script)) return script
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'draft-'))
  try {
    writeFileSync(join(draft, 'package.json'), '{"private":true}')
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1', '--fetch-timeout=20000']
    await promisify(execFile)('npm', ['install', ...quiet, '-E', `${name}@${version}`], {
      cwd: draft,
      timeout: 110_000,
    })
    renameSync(draft, home)
    return script
  } catch {
    rmSync(draft, { recursive: true, force: true })
    return existsSync(script) ? script : null
  }
}
