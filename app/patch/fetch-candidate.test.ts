import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keptObjectsIn, stateOfKept } from '@upkeep/engine/vault/kept-tarballs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  archiveOf,
  type Instead,
  integrityOf,
  type NpmRegistry,
  startNpmRegistry,
} from '../vet/testing/npm-registry.ts'
import { candidateFolder } from './candidate.ts'
import { fetchCandidate } from './fetch-candidate.ts'

const server = {
  name: 'notes-server',
  version: '1.1.0',
  files: { 'index.mjs': 'console.log(1)\n' },
  more: { bin: 'index.mjs', dependencies: { 'notes-part': '1.0.0' } },
}
const part = { name: 'notes-part', version: '1.0.0', files: { 'index.js': 'module.exports = 1\n' } }
const evil = { ...server, files: { 'index.mjs': 'console.log("other")\n' } }
const otherPart = { ...part, files: { 'index.js': 'module.exports = 2\n' } }
const archive = '/archives/notes-server-1.1.0.tgz'

let stateDir = ''
let registry: NpmRegistry | null = null
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'upkeep-fetch-'))
})
afterEach(async () => {
  await registry?.close()
  vi.unstubAllEnvs()
  rmSync(stateDir, { recursive: true, force: true })
})

async function fetched(instead?: Instead) {
  registry = await startNpmRegistry([server, part], instead)
  // Where npm itself asks is the environment's; where ours asks follows from the same.
  vi.stubEnv('npm_config_userconfig', join(stateDir, 'no-npmrc'))
  vi.stubEnv('npm_config_registry', registry.url)
  const machine = { env: { npm_config_registry: registry.url }, home: stateDir }
  const signal = new AbortController().signal
  return fetchCandidate('notes-server', '1.1.0', { stateDir, machine, signal, progress: () => {} })
}

/** The documents of the registry with the digest of other bytes in the place of the true one: all of it fits together. */
function withDigestOf(other: typeof server | typeof part, document: Buffer): string {
  const own = other === evil ? server : part
  return document.toString('utf8').replaceAll(integrityOf(archiveOf(own)), integrityOf(archiveOf(other)))
}

describe('a version that is fetched', () => {
  test('is laid out whole, and every archive is kept by its digest; a second fetch asks nobody', async () => {
    const made = await fetched()
    expect(made).toMatchObject({ version: '1.1.0', integrity: integrityOf(archiveOf(server)), scripts: [] })
    expect(made.packages.map(({ name }) => name).sort()).toEqual(['notes-part', 'notes-server'])
    const objects = keptObjectsIn(stateDir)
    for (const { integrity } of made.packages) expect(await stateOfKept(objects, integrity ?? '')).toBe('kept')
    await registry?.close()
    const machine = { env: { npm_config_registry: registry?.url ?? '' }, home: stateDir }
    const call = { stateDir, machine, signal: new AbortController().signal, progress: () => {} }
    expect((await fetchCandidate('notes-server', '1.1.0', call)).tree).toBe(made.tree)
  })

  test.each<[string, Instead, RegExp]>([
    [
      'its archive has other bytes than the registry states',
      (path) => (path === archive ? archiveOf(evil) : null),
      /its bytes are not those that the registry states/,
    ],
    [
      'npm is handed other bytes than we were',
      (path, nth) => (path === archive && nth > 1 ? archiveOf(evil) : null),
      /npm could not lay it out \(EINTEGRITY\)/,
    ],
    [
      'npm is handed other bytes, with another digest that fits them',
      (path, nth, own) => {
        if (path === archive && nth > 1) return archiveOf(evil)
        return path === '/notes-server' ? withDigestOf(evil, own) : null
      },
      /npm was served other bytes than the registry states/,
    ],
    [
      'what it needs has other bytes than the registry states',
      (path) => (path === '/archives/notes-part-1.0.0.tgz' ? archiveOf(otherPart) : null),
      /npm could not lay it out \(EINTEGRITY\)/,
    ],
    [
      'its archive is cut',
      (path, _nth, own) => (path === archive ? own.subarray(0, own.length - 20) : null),
      /its bytes are not those that the registry states/,
    ],
  ])('is refused where %s', async (_name, instead, says) => {
    await expect(fetched(instead)).rejects.toThrow(says)
    expect(existsSync(candidateFolder(stateDir, 'notes-server', '1.1.0'))).toBe(false)
    const folder = join(stateDir, 'candidates')
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
  })
})
