import { defineProbe, type ProbeSubject } from '@upkeep/contract'
import { type Message, openingMessage } from '@upkeep/domain/negative-request/messages'
import type { Reading } from '@upkeep/domain/negative-request/read-answer'
import type { Trial } from '@upkeep/domain/negative-request/trial'
import { type Judgement, withTrial } from '@upkeep/domain/negative-request/with-trial'

const mebibytes = 8
const depth = 20_000

/** Whether a server takes a message of any size, or falls over one that is nested deep. */
export const inputSize = defineProbe({
  id: 'input-size',
  version: 1,
  title: 'Messages that are too large are refused',
  control: 'input-size',
  cites: [
    'OWASP API4:2023 unrestricted resource consumption',
    'CWE-770 allocation of resources without limits; CWE-674 uncontrolled recursion',
  ],
  reaches: ['http'],
  timeoutSeconds: 60,
  attempt: withTrial(judge),
})

async function judge({ authorization }: ProbeSubject, trial: Trial): Promise<Judgement> {
  const authorized = authorization !== null
  const opened = await trial.enter(authorized)
  const era = opened.era ?? 'initialize'
  const large = await trial.send(padded(era), { authorized, timeoutMs: 20_000 })
  if (large.kind === 'answered') {
    return { outcome: 'broken', detail: `a message of ${mebibytes} MiB is taken and served (${large.brief})` }
  }
  const { refused, how } = refusal(large, trial)
  const absent = opened.era === null && large.kind !== 'status'
  if (!refused || absent) return { outcome: 'inconclusive', detail: `a message of ${mebibytes} MiB: ${large.brief}` }
  if (opened.era === null) return { outcome: 'held', detail: `a message of ${mebibytes} MiB is ${how}` }
  await trial.send(nested(era), { authorized })
  const after = await trial.enter(authorized)
  if (after.era === null) {
    return {
      outcome: 'broken',
      detail: `after a message nested ${depth} deep it does not serve any more: ${after.why}`,
    }
  }
  return {
    outcome: 'held',
    detail: `a message of ${mebibytes} MiB is ${how}, and one nested ${depth} deep changes nothing`,
  }
}

/** A connection that is cut while too much is being sent is a refusal as much as a status is. */
function refusal(reading: Reading, trial: Trial): { refused: boolean; how: string } {
  if (reading.kind === 'status') return { refused: reading.status < 500, how: `refused (${reading.brief})` }
  const last = trial.last()
  if (last?.state === 'unavailable') return { refused: last.code === 'unreachable', how: 'cut off' }
  return { refused: reading.brief.includes('JSON-RPC error'), how: `refused (${reading.brief})` }
}

function padded(era: 'initialize' | 'discover'): Message {
  const message = openingMessage(era)
  return {
    ...message,
    method: `${message.method} of ${mebibytes} MiB`,
    body: withPadding(message.body, `"${'x'.repeat(mebibytes << 20)}"`),
  }
}

function nested(era: 'initialize' | 'discover'): Message {
  const message = openingMessage(era)
  const body = withPadding(message.body, `${'['.repeat(depth)}${']'.repeat(depth)}`)
  return { ...message, method: `${message.method} nested ${depth} deep`, body }
}

/** The same message with one more parameter. */
function withPadding(body: string, json: string): string {
  return body.replace('"params":{', () => `"params":{"upkeepPadding":${json},`)
}
