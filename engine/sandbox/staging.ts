import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { LaidFile, Refusal } from '@upkeep/contract'
import { hasEnded, identifyProcess, readIdentity, writeIdentity } from '../kernel/process-identity.ts'
import { refuse } from '../ports/network-refusal.ts'

const prefix = 'upkeep-sandbox-'

/** A folder of this machine that holds what one run is begun with: settings, laid files, the supervisor. Nothing inside can write to it. */
export interface Staging {
  folder: string
  name: string
  remove(): void
}

/** Makes the folder; others cannot look into it. */
export function openStaging(tempDir: string): Staging {
  const staging = openFolder(tempDir, 0o700)
  for (const part of ['etc', 'root', 'run', 'run/laid']) mkdirSync(join(staging.folder, part))
  return staging
}

/** A folder that anyone may look and write into, for attempts to do so. It is cleared away like the others where its owner was killed. */
export function openPrey(tempDir: string): Staging {
  return openFolder(tempDir, 0o777)
}

function openFolder(tempDir: string, mode: number): Staging {
  const name = prefix + randomBytes(8).toString('hex')
  const folder = join(tempDir, name)
  mkdirSync(folder, { mode: 0o700 })
  // Never by the call that makes it: a mask would take rights away.
  chmodSync(folder, mode)
  writeFileSync(join(folder, 'owner.json'), writeIdentity(identifyProcess()))
  return { folder, name, remove: () => removeFolder(folder) }
}

/** A server may have closed folders that it could write into: they are ours, and are opened again. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    openFolders(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}

function openFolders(folder: string): void {
  chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) openFolders(join(folder, entry.name))
}

/** What every run finds below `/data`. */
export const ownFolders: readonly LaidFile[] = [
  { path: '/data/home', folder: true },
  { path: '/data/tmp', folder: true },
]

/** Lays files out below `laid`, which stands for `/data`; as root they are given to the user of the run. */
export function layFiles(laid: string, lays: readonly LaidFile[], uid: number | null): Refusal | null {
  const made = new Set<string>()
  for (const one of lays) {
    const below = belowData(one.path)
    if (below === null) return refuse('not-supported', 'a file can be laid out below /data and /tmp only')
    makeFolders(laid, dirname(below), made)
    if ('folder' in one) makeFolders(laid, below, made)
    else if ('linkTo' in one) symlinkSync(one.linkTo, join(laid, below))
    // `wx`: a file is never written through a link that was laid before it.
    else writeFileSync(join(laid, below), one.text, { mode: (one.mode ?? 0o644) & 0o777, flag: 'wx' })
    made.add(below)
  }
  if (uid !== null) for (const below of made) lchownSync(join(laid, below), uid, uid)
  return null
}

/** The path relative to `/data`; null when it is elsewhere. */
export function belowData(path: string): string | null {
  const plain = normalize(path)
  if (plain.startsWith('/tmp/')) return join('tmp', plain.slice(5))
  return plain.startsWith('/data/') && plain.length > 6 ? plain.slice(6) : null
}

function makeFolders(laid: string, below: string, made: Set<string>): void {
  if (below === '.' || below === '') return
  makeFolders(laid, dirname(below), made)
  const path = join(laid, below)
  const facts = lstatSync(path, { throwIfNoEntry: false })
  if (facts === undefined) mkdirSync(path)
  else if (!facts.isDirectory()) throw new Error('a laid file is asked to be a folder as well')
  made.add(below)
}

/** Removes what a process that was killed left behind, and names it, so that its control group can go as well. */
export function removeLeftovers(tempDir: string): string[] {
  const names = readdirSync(tempDir).filter((name) => name.startsWith(prefix))
  return names.filter((name) => {
    const folder = join(tempDir, name)
    try {
      const facts = lstatSync(folder)
      if (!facts.isDirectory() || facts.uid !== process.getuid?.()) return false
      const owner = readIdentity(readFileSync(join(folder, 'owner.json'), 'utf8'))
      if (owner === null || !hasEnded(owner)) return false
      removeFolder(folder)
      return true
    } catch {
      return false
    }
  })
}
