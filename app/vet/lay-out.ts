import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { UserError } from '@upkeep/contract'
import type { Candidate } from './candidate.ts'

const maxFolders = 1_000

/** A home in which a candidate lies as a client's launcher would have put it, and no more. */
export interface VetHome {
  home: string
  stateDir: string
  problems: string[]
  remove(): void
}

/**
 * Puts a candidate into a temporary home of its own, where a client's file names it. Nothing is executable, no link is made, and no
 * file is written twice, so that nothing can be led out of the folder.
 */
export function layOut(candidate: Candidate): VetHome {
  const root = folderOfItsOwn()
  const home = join(root, 'home')
  const laid: VetHome = {
    home,
    stateDir: join(root, 'state'),
    problems: [],
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
  try {
    for (const file of candidate.files) put(laid, file)
  } catch (error) {
    laid.remove()
    throw error
  }
  return laid
}

/**
 * A new folder that only this user may enter. Its name is not drawn at random: what looks random is hidden from what an entry declares, and
 * the candidate could then not be found.
 */
function folderOfItsOwn(): string {
  for (let count = 1; count <= maxFolders; count += 1) {
    const root = join(tmpdir(), `upkeep-vet-${process.pid}-${count}`)
    try {
      mkdirSync(root, { mode: 0o700 })
      return root
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
  const action = `Remove what earlier runs left: folders named upkeep-vet-${process.pid}-… in the folder for temporary files.`
  throw new UserError('bad-input', 'There is no free folder to unpack into.', action)
}

function put({ home, problems }: VetHome, { path, bytes }: Candidate['files'][number]): void {
  const file = join(home, path)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, bytes, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    if (code === 'ENOSPC') throw error
    if (problems.length < 20)
      problems.push(`a file could not be put down (${code}): it is in the archive twice, or under another`)
  }
}
