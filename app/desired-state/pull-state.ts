import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { readBounded } from '@upkeep/engine/ports/files-read'
import { createHttpPort } from '@upkeep/engine/ports/http'
import type { Context } from '../operations/context.ts'
import type { PulledText } from './pulled-state.ts'

const maxBytes = 32 << 20

/** Reads a desired state and the signature beside it, from a file or an https address. It is not believed yet. */
export async function pullState(context: Pick<Context, 'machine'>, from: string, keyFile: string): Promise<PulledText> {
  const key = publicKeyAt(context, keyFile)
  const [text, signature] = [await textAt(context, from, maxBytes), await textAt(context, `${from}.sig`, 32 << 10)]
  return { text, signature, key }
}

/** The line of a `.pub` file, without its comment. */
export function publicKeyAt({ machine }: Pick<Context, 'machine'>, file: string): string {
  const read = readBounded(resolve(machine.cwd, file), 64 << 10)
  const [type, key] = read.state === 'present' ? new TextDecoder().decode(read.bytes).trim().split(/\s+/) : []
  if (type !== undefined && key !== undefined && /^(?:sk-)?(?:ssh|ecdsa)-/.test(type)) return `${type} ${key}`
  throw new UserError('bad-input', `${file} is no SSH public key.`, 'Name a .pub file.')
}

async function textAt({ machine }: Pick<Context, 'machine'>, from: string, bytes: number): Promise<string> {
  if (/^http:/i.test(from)) throw unread(from, 'only https addresses and files are read')
  if (!/^https:/i.test(from)) {
    const read = readBounded(resolve(machine.cwd, from), bytes)
    if (read.state === 'present') return new TextDecoder().decode(read.bytes)
    throw unread(from, read.state === 'absent' ? 'it is not there' : read.reason)
  }
  const answer = await createHttpPort().exchange({ url: from, method: 'GET', timeoutMs: 30_000, maxBytes: bytes })
  if (answer.state !== 'answered') throw unread(from, answer.reason)
  if (answer.truncated) throw unread(from, `it is longer than ${bytes} bytes`)
  if (answer.status !== 200) throw unread(from, `it answered ${answer.status}, and only 200 counts`)
  return answer.body
}

function unread(from: string, why: string): UserError {
  return new UserError('not-found', `${from} could not be read: ${why}.`, 'Nothing was changed.')
}
