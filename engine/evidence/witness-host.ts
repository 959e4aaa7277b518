import { execFile } from 'node:child_process'
import { UserError } from '@upkeep/contract/errors'
import { unwritable } from './witness-file.ts'

/** What stops the call, and what goes before the host on the command line. */
export interface HostCall {
  readonly signal: AbortSignal
  readonly sshOptions?: readonly string[]
}

/** Nothing in it means anything to a shell but `~`, which is meant. */
const hostAndFile = /^([A-Za-z0-9][A-Za-z0-9._@-]*):([A-Za-z0-9._~/][A-Za-z0-9._~/-]*)$/

/**
 * Adds a note at the end of a file on another host, with the user's own `ssh` and keys, never asking for anything. The host only ever
 * appends: an account whose forced command is `cat >> file` is enough, and cannot take a note back.
 */
export async function sendNote(target: string, note: string, call: HostCall): Promise<boolean> {
  const [, host, file] = hostAndFile.exec(target) ?? []
  if (host === undefined || file === undefined)
    throw new UserError(
      'bad-input',
      'That is not a host and a file.',
      'Write ssh:<host>:<file>; in the name of the file letters, digits and . _ - / ~ only.',
    )
  const options = ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', ...(call.sshOptions ?? [])]
  try {
    await pipeTo('ssh', [...options, '--', host, `cat >> ${file}`], note, call.signal)
    return true
  } catch (error) {
    throw unwritable(error)
  }
}

function pipeTo(program: string, words: string[], input: string, signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const child = execFile(program, words, { signal, timeout: 60_000, windowsHide: true }, (error) => {
      if (error === null) done()
      else failed(error)
    })
    // A host that hangs up closes the pipe: the exit code tells of it.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
