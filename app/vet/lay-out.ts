import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Candidate } from './candidate.ts'

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
  const root = mkdtempSync(join(tmpdir(), 'upkeep-vet-'))
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
