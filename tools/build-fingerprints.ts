import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backgroundWords, packageFingerprints } from './fingerprints/make-fingerprints.ts'
import { background, watched } from './fingerprints/packages.ts'
import { publishedVersions, scriptsOf } from './fingerprints/tarballs.ts'
import { root } from './units.ts'

/**
 * Writes `packs/fingerprints/` from the registry's tarballs: by which words each version of the packages that matter here can be known
 * again inside a bundle. `--tarballs <folder>` keeps the tarballs between runs.
 */
const at = process.argv.indexOf('--tarballs')
const kept = at === -1 ? null : (process.argv[at + 1] ?? null)
const folder = kept ?? mkdtempSync(join(tmpdir(), 'fingerprints-'))
const pack = join(root, 'packs', 'fingerprints')

mkdirSync(folder, { recursive: true })
mkdirSync(join(pack, 'generated'), { recursive: true })
const known = backgroundWords(background.map((spec) => scriptsOf(folder, spec).scripts))
const sources: Record<string, string> = {}
for (const one of watched) {
  const versions = publishedVersions(one.name).filter(one.versions)
  const published = versions.map((version) => {
    const { scripts, sha256 } = scriptsOf(folder, `${one.name}@${version}`)
    sources[`${one.name}@${version}`] = sha256
    return { version, scripts }
  })
  const shared = backgroundWords(one.beside.map((spec) => scriptsOf(folder, spec).scripts))
  const made = packageFingerprints(one, published, new Set([...known, ...shared]))
  const path = join(pack, 'generated', `${one.name.replace(/^@/, '').replace('/', '__')}.json`)
  writeFileSync(path, `${JSON.stringify(made)}\n`)
  console.log(`${one.name}: ${versions.length} versions, ${made.units.length} units, ${made.words.length} words`)
}
writeFileSync(join(pack, 'sources.json'), `${JSON.stringify(sources, null, 2)}\n`)
writeManifest()
if (kept === null) rmSync(folder, { recursive: true })

function writeManifest(): void {
  const path = join(pack, 'manifest.json')
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(path, 'utf8'))
  const hash = createHash('sha256')
  const names = watched.map((one) => `generated/${one.name.replace(/^@/, '').replace('/', '__')}.json`)
  for (const name of [...names, 'sources.json'].sort()) {
    hash.update(
      `${name}\n${createHash('sha256')
        .update(readFileSync(join(pack, name)))
        .digest('hex')}\n`,
    )
  }
  writeFileSync(path, `${JSON.stringify({ ...manifest, digest: hash.digest('hex') }, null, 2)}\n`)
}
