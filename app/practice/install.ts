import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '@upkeep/contract'
import { npxFolder, npxManifest, type PracticeInstall, requestOf } from './installs.ts'
import { runNpm } from './npm.ts'
import { treeDigest } from './tree-digest.ts'

/**
 * Puts one server where npx would have put it, with scripts off, and returns its folder. What is there already is kept when every byte
 * is the pinned one, else replaced. npm checks each tarball against the lock file; the tree as a whole is checked again afterwards.
 */
export async function ensureInstalled(
  install: PracticeInstall,
  where: { npmCache: string; workFolder: string },
  signal: AbortSignal,
): Promise<{ folder: string; reused: boolean }> {
  const folder = npxFolder(where.npmCache, requestOf(install))
  if (isPinned(folder, install)) return { folder, reused: true }
  mkdirSync(where.workFolder, { recursive: true })
  const building = mkdtempSync(join(where.workFolder, 'install-'))
  try {
    writeFileSync(join(building, 'package.json'), JSON.stringify(npxManifest(install), null, 2))
    writeFileSync(join(building, 'package-lock.json'), JSON.stringify(install.lock, null, 2))
    await runNpm(['ci', '--include=optional', '--cache', where.npmCache, '--logs-max=0'], building, signal)
    if (!isPinned(building, install)) throw notPinned(install)
    putInPlace(building, folder, install)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
  return { folder, reused: false }
}

function isPinned(folder: string, install: PracticeInstall): boolean {
  return treeDigest(join(folder, 'node_modules')) === install.tree
}

/** A second start at the same moment may have been quicker: its tree is as good. */
function putInPlace(building: string, folder: string, install: PracticeInstall): void {
  mkdirSync(dirname(folder), { recursive: true })
  rmSync(folder, { recursive: true, force: true })
  try {
    renameSync(building, folder)
  } catch (error) {
    if (!isPinned(folder, install)) throw error
  }
}

function notPinned(install: PracticeInstall): UserError {
  return new UserError(
    'practice-unavailable',
    `The installed files of ${requestOf(install)} are not the expected ones, although every tarball matched the lock file. Nothing was started.`,
    'Check which settings of npm change what it installs (npm config list), then start again.',
  )
}
