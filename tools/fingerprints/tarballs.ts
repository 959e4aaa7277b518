import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readTar } from '@upkeep/domain/archives/tar'

/** The script files of one published version: text by path below the package's folder. */
export type Scripts = ReadonlyMap<string, string>

/** Every version that the registry in use has of a package, oldest first. */
export function publishedVersions(name: string): string[] {
  const found: unknown = JSON.parse(npm(['view', name, 'versions', '--json']))
  return Array.isArray(found) ? found.map(String) : [String(found)]
}

/** The scripts of a version and the SHA-256 of its tarball, which is fetched once and kept in the folder. */
export function scriptsOf(folder: string, spec: string): { scripts: Scripts; sha256: string } {
  const cut = spec.lastIndexOf('@')
  const file = `${spec.slice(0, cut).replace(/^@/, '').replace('/', '-')}-${spec.slice(cut + 1)}.tgz`
  const path = join(folder, file)
  if (!existsSync(path)) npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, spec])
  const tarball = readFileSync(path)
  const { entries, problem } = readTar(new Uint8Array(gunzipSync(tarball)), 100_000)
  if (problem !== null) throw new Error(`${spec}: ${problem}`)
  const scripts = new Map<string, string>()
  for (const entry of entries) {
    const inside = entry.path.replace(/^[^/]+\//, '')
    if (entry.type === 'file' && /\.[cm]?js$/.test(inside)) scripts.set(inside, new TextDecoder().decode(entry.bytes))
  }
  return { scripts, sha256: createHash('sha256').update(tarball).digest('hex') }
}

function npm(words: string[]): string {
  return execFileSync('npm', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
}
