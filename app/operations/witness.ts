import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '@upkeep/contract'

interface Where {
  cwd: string
  signal: AbortSignal
}

const maxWitnessBytes = 50_000_000
const run = promisify(execFile)

/** Appends a checkpoint's note to a witness. False when it is the last one there already. */
export async function writeToWitness(
  to: string,
  checkpoint: { note: string; size: number },
  where: Where,
): Promise<boolean> {
  if (to.startsWith('git:')) return writeToRepository(to.slice(4), checkpoint, where)
  if (to.startsWith('ssh:')) return writeToHost(to.slice(4), checkpoint.note, where)
  return appendNote(resolve(where.cwd, to), checkpoint.note)
}

/** A regular file only: never a device, a FIFO or a link that someone put there. */
async function appendNote(path: string, note: string): Promise<boolean> {
  try {
    const flags =
      constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK
    const handle = await open(path, flags, 0o644)
    try {
      const facts = await handle.stat()
      if (!facts.isFile() || facts.size > maxWitnessBytes) throw new Error('not a plain file of a sane size')
      const there = await handle.readFile('utf8')
      if (there.endsWith(note)) return false
      await handle.appendFile(note)
      await handle.sync()
      return true
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unwritable(error)
  }
}

/** One commit per checkpoint. The repository's own hooks are not run: they are not ours to start. */
async function writeToRepository(
  folder: string,
  checkpoint: { note: string; size: number },
  where: Where,
): Promise<boolean> {
  const repository = resolve(where.cwd, folder)
  const name = 'upkeep-checkpoints.txt'
  try {
    if (!(await stat(repository)).isDirectory()) throw new Error('not a folder')
    const git = ['-C', repository, '-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false']
    await run('git', [...git, 'rev-parse', '--is-inside-work-tree'], { signal: where.signal, timeout: 30_000 })
    const added = await appendNote(join(repository, name), checkpoint.note)
    if (!added) return false
    const message = `upkeep checkpoint: ${checkpoint.size} entries`
    await run('git', [...git, 'add', '--', name], { signal: where.signal, timeout: 30_000 })
    await run('git', [...git, 'commit', '-q', '-m', message, '--', name], { signal: where.signal, timeout: 30_000 })
    return true
  } catch (error) {
    throw unwritable(error)
  }
}

/** Through the user's own ssh, never asking for a password. */
async function writeToHost(target: string, note: string, where: Where): Promise<boolean> {
  const [, host, path] = /^([A-Za-z0-9][A-Za-z0-9._@-]*):([A-Za-z0-9._/~-]+)$/.exec(target) ?? []
  if (host === undefined || path === undefined)
    throw new UserError(
      'bad-input',
      'That is not a host and a file.',
      'Write ssh:<host>:<file>, letters, digits and ._-/~ only.',
    )
  const child = run('ssh', ['-o', 'BatchMode=yes', '--', host, `cat >> ${path}`], {
    signal: where.signal,
    timeout: 60_000,
  })
  child.child.stdin?.end(note)
  try {
    await child
    return true
  } catch (error) {
    throw unwritable(error)
  }
}

/** Says what kind of failure it was; what the other program printed may hold anything and stays out. */
function unwritable(error: unknown): UserError {
  if (error instanceof UserError) return error
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code).slice(0, 40)})` : ''
  return new UserError(
    'witness-unwritable',
    `The checkpoint could not be written there${code}. The ledger here is unchanged.`,
    'Check that the file, repository or host can be written, then run the same command again.',
  )
}
