import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { keptPath } from '@upkeep/domain/dependency-health/kept-path'
import { registryFor } from '@upkeep/domain/npm-registries'
import { adopt, draftIn, keptObjectsIn } from '@upkeep/engine/vault/kept-tarballs'
import { npmRegistries } from '../npm-registries.ts'
import type { Machine } from '../operations/context.ts'
import { layOutWithNpm } from '../practice/npm.ts'
import { fromNpm } from '../vet/from-npm.ts'
import { type Candidate, candidateFolder, candidateIn } from './candidate.ts'

export interface FetchCall {
  stateDir: string
  machine: Pick<Machine, 'env' | 'home'>
  signal: AbortSignal
  progress(what: string): void
}

const waits = { pageMs: 30_000, idleMs: 30_000, totalMs: 300_000 }

/**
 * Fetches one version from the registry in use: its archive held against the digest that the registry states, and the whole tree laid out
 * by npm, which holds every archive against its own. All archives are kept under their digests. No script is run, nothing is started.
 *
 * @throws UserError `not-found` with the reason; bytes that are not what the registry states are one.
 */
export async function fetchCandidate(name: string, version: string, call: FetchCall): Promise<Candidate> {
  const folder = candidateFolder(call.stateDir, name, version)
  const had = candidateIn(folder, name, version)
  if (had !== null) return had
  call.progress(`Fetching ${name} ${version}`)
  const integrity = await keepArchive(name, version, call)
  const building = draftFolder(call.stateDir)
  try {
    const cache = join(call.stateDir, 'cache', 'npm')
    writeFileSync(join(building, 'package.json'), '{}')
    const words = ['install', '--include=optional', '--cache', cache, '--logs-max=0', `${name}@${version}`]
    const code = await layOutWithNpm(words, building, call.signal)
    if (code !== null) throw notFetched(name, version, `npm could not lay it out (${code})`)
    const made = candidateIn(building, name, version)
    if (made === null) throw notFetched(name, version, 'npm laid out something else')
    if (made.integrity !== integrity)
      throw notFetched(name, version, 'npm was served other bytes than the registry states')
    await keepAll(made, cache, call.stateDir)
    writeFileSync(join(building, 'package.json'), JSON.stringify(npxManifest(name, version), null, 2))
    putInPlace(building, folder)
    return { ...made, tree: folder }
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
}

/** Keeps the archive itself, and returns the digest that the registry states for it. */
async function keepArchive(name: string, version: string, { stateDir, machine, signal }: FetchCall): Promise<string> {
  const registryUrl = registryFor(npmRegistries(machine), name)
  const obtained = await fromNpm(name, version, { registryUrl, signal, waits })
  if (obtained.integrity !== 'verified') throw notFetched(name, version, 'the registry states no SHA-512 of its bytes')
  const integrity = `sha512-${createHash('sha512').update(obtained.bytes).digest('base64')}`
  const objects = keptObjectsIn(stateDir)
  const draft = draftIn(objects)
  writeFileSync(draft, obtained.bytes, { mode: 0o600 })
  await adopt(objects, draft, integrity)
  return integrity
}

/** npm's cache is content-addressed too: what it fetched is kept without asking for it again. */
async function keepAll({ packages }: Candidate, cache: string, stateDir: string): Promise<void> {
  const objects = keptObjectsIn(stateDir)
  for (const { integrity } of packages) {
    const kept = integrity === null ? null : keptPath(integrity)
    const cached = kept === null ? null : join(cache, '_cacache', 'content-v2', npmPath(kept))
    if (integrity === null || kept === null || cached === null || !existsSync(cached)) continue
    if (existsSync(join(objects, kept))) continue
    const draft = draftIn(objects)
    copyFileSync(cached, draft)
    await adopt(objects, draft, integrity)
  }
}

/** npm parts the digest into three folders, where we part it into two. */
function npmPath(kept: string): string {
  const [sum = '', first = '', rest = ''] = kept.split('/')
  return join(sum, first, rest.slice(0, 2), rest.slice(2))
}

/** As npx writes it into the folder of a request. */
function npxManifest(name: string, version: string): object {
  return { dependencies: { [name]: `^${version}` }, _npx: { packages: [`${name}@${version}`] } }
}

/** Readable for others, as npm makes folders: whoever runs in the sandbox may be somebody else. The folder above is not. */
function draftFolder(stateDir: string): string {
  const folder = join(stateDir, 'candidates')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const building = mkdtempSync(join(folder, 'draft-'))
  chmodSync(building, 0o755)
  return building
}

/** A second fetch at the same moment may have been quicker: its tree is as good. */
function putInPlace(building: string, folder: string): void {
  mkdirSync(dirname(folder), { recursive: true })
  if (existsSync(join(folder, 'package-lock.json'))) return
  rmSync(folder, { recursive: true, force: true })
  renameSync(building, folder)
}

function notFetched(name: string, version: string, why: string): UserError {
  return new UserError('not-found', `${name} ${version} could not be had: ${why}.`, 'Nothing was changed. Try later.')
}
