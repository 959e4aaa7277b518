import { resolve } from 'node:path'
import { UserError } from '@upkeep/contract'
import { readBounded } from '@upkeep/engine/ports/files-read'
import { createHttpPort } from '@upkeep/engine/ports/http'
import type { Context } from '../operations/context.ts'
import { maxContractBytes } from './read-contract.ts'

/**
 * The text of a contract, from a file or an address: an https one of the open internet, unless it is said to lie in a network of one's own.
 *
 * @throws UserError `not-found` with why it could not be read.
 */
export async function fetchContract(
  { machine }: Pick<Context, 'machine'>,
  from: string,
  isPrivate: boolean,
): Promise<string> {
  if (!/^https?:/i.test(from)) {
    const read = readBounded(resolve(machine.cwd, from), maxContractBytes)
    if (read.state === 'present') return new TextDecoder().decode(read.bytes)
    throw unread(read.state === 'absent' ? 'it is not there' : read.reason)
  }
  if (/^http:/i.test(from) && !isPrivate) throw unread('only https is asked, unless --private is given')
  const answer = await createHttpPort({ publicOnly: !isPrivate }).exchange({
    url: from,
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: 30_000,
    maxBytes: maxContractBytes,
  })
  if (answer.state !== 'answered') throw unread(answer.reason)
  if (answer.truncated) throw unread(`it is longer than ${maxContractBytes} bytes`)
  if (answer.status !== 200) throw unread(`it answered ${answer.status}, and only 200 counts`)
  return answer.body
}

function unread(why: string): UserError {
  return new UserError(
    'not-found',
    `The contract could not be read: ${why}.`,
    'What was taken before still counts until it ends: "upkeep contract list". In a network of your own, add --private.',
  )
}
