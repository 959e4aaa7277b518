import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gitEnvironment, quietSettings } from '../ports/git.ts'
import { type AppendedNotes, appendNote, unwritable } from './witness-file.ts'

const run = promisify(execFile)
const gitWitnessFile = 'upkeep-checkpoints.txt'

const author = ['-c', 'user.name=upkeep', '-c', 'user.email=upkeep@localhost']

/**
 * Adds a note to `upkeep-checkpoints.txt` in a repository's folder and commits that file alone. Pushing is the owner's: a repository that
 * never leaves this machine is a weak witness. False when the note is there and committed already.
 */
export async function commitNote(
  folder: string,
  note: AppendedNotes,
  { cwd, signal }: { cwd: string; signal: AbortSignal },
): Promise<boolean> {
  const repository = resolve(cwd, folder)
  const git = (...words: string[]) => {
    const options = { signal, timeout: 60_000, env: gitEnvironment(), windowsHide: true }
    return run('git', ['-C', repository, ...quietSettings, ...author, ...words], options)
  }
  try {
    await git('rev-parse', '--is-inside-work-tree')
    await appendNote(join(repository, gitWitnessFile), note, { cwd })
    // Also true for a note that was added before and whose commit failed.
    const { stdout } = await git('status', '--porcelain', '--', gitWitnessFile)
    if (stdout === '') return false
    await git('add', '--', gitWitnessFile)
    await git('commit', '--quiet', '--message', 'upkeep checkpoint', '--', gitWitnessFile)
    return true
  } catch (error) {
    throw unwritable(error)
  }
}
