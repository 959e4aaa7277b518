import type { HttpPort, HttpResponse } from '@upkeep/contract'
import { cutPackument, type Packument } from './packument.ts'

/** What came of asking about one package. */
export type Asked = { state: 'answered'; packument: Packument } | { state: 'failed'; name: string; reason: string }

const maxAnswerBytes = 64 << 20
const answerTimeoutMs = 30_000
const atOnce = 4
const packageName = /^(@[a-z0-9~][a-z0-9~._-]*\/)?[a-z0-9~_-][a-z0-9~._-]*$/i

/** Asks the registry about each package, a few at once. Names come from configurations: what is not a package name is never asked for. */
export async function askRegistry(
  registryUrl: string,
  names: readonly string[],
  http: HttpPort,
  signal: { readonly aborted: boolean },
): Promise<Asked[]> {
  const asked: Asked[] = []
  const waiting = [...names]
  async function work(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      asked.push(signal.aborted ? failed(name, 'time was up') : await askOne(registryUrl, name, http))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return asked
}

async function askOne(registryUrl: string, name: string, http: HttpPort): Promise<Asked> {
  if (name.length > 214 || !packageName.test(name)) return failed(name, 'it is not a name that a registry can have')
  const answer = await http.exchange({
    url: `${registryUrl.replace(/\/$/, '')}/${name.replace('/', '%2f')}`,
    method: 'GET',
    headers: { accept: 'application/json' },
    timeoutMs: answerTimeoutMs,
    maxBytes: maxAnswerBytes,
  })
  return answer.state === 'unavailable' ? failed(name, answer.reason) : readAnswer(name, answer)
}

/** Only 404 says that a package is not there; every other refusal says that we could not look. */
function readAnswer(name: string, answer: HttpResponse): Asked {
  if (answer.status === 404) {
    return { state: 'answered', packument: { name, state: 'absent', distTags: {}, versions: [] } }
  }
  if (answer.status !== 200) return failed(name, `the registry answered ${answer.status}`)
  if (answer.truncated) return failed(name, `the answer is larger than ${maxAnswerBytes} bytes`)
  const packument = cutPackument(parse(answer.body))
  if (typeof packument === 'string') return failed(name, `the answer cannot be used: ${packument}`)
  if (packument.name !== name) return failed(name, 'the answer is about another package')
  return { state: 'answered', packument }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function failed(name: string, reason: string): Asked {
  return { state: 'failed', name, reason }
}
