import { defineProbe } from '@upkeep/contract'
import { leaksIn } from '@upkeep/domain/negative-request/leak-signs'
import { callMessage, type Message, openingMessage } from '@upkeep/domain/negative-request/messages'
import { beginTrial, type Trial } from '@upkeep/domain/negative-request/trial'

const plain = openingMessage('initialize')
const wrong: readonly Message[] = [
  { ...plain, method: '(JSON that ends too early)', body: '{"jsonrpc":"2.0","id":1,"method":' },
  {
    ...plain,
    method: '(parameters of a wrong kind)',
    body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":"x"}',
  },
  { ...plain, method: '(no such method)', body: '{"jsonrpc":"2.0","id":1,"method":"upkeep/no-such-method"}' },
  { ...plain, method: '(no message at all)', body: '[]' },
]

/** Whether the answer to a wrong request tells a stranger about the machine behind it. */
export const errorLeakage = defineProbe({
  id: 'error-leakage',
  version: 1,
  title: 'Errors give nothing away',
  control: 'error-leakage',
  cites: [
    'OWASP API8:2023 security misconfiguration: errors expose traces or other details',
    'CWE-209 generation of an error message containing sensitive information',
  ],
  reaches: ['http'],
  timeoutSeconds: 60,
  async attempt(subject, { http }) {
    const trial = beginTrial(subject, http)
    let answers = 0
    for (const authorized of subject.authorization === null ? [false] : [false, true]) {
      for (const message of [...wrong, ...(await wrongCalls(trial, authorized))]) {
        await trial.send(message, { authorized })
        const answer = trial.last()
        if (answer?.state !== 'answered') continue
        answers += 1
        const leaks = leaksIn(answer.body)
        if (leaks.length === 0) continue
        const where = `the answer to ${message.method} (HTTP ${answer.status})`
        return await trial.finish('broken', `${leaks.join(' and ')} in ${where}`)
      }
    }
    if (answers === 0) return await trial.finish('inconclusive', 'no wrong request had an answer')
    return await trial.finish('held', `${answers} answers to wrong requests hold no trace, path, query or secret`)
  },
})

/** A tool that no server has, called as one that is there would be. */
async function wrongCalls(trial: Trial, authorized: boolean): Promise<Message[]> {
  const entered = await trial.enter(authorized)
  if (entered.era === null) return []
  return [callMessage(entered.era, entered.session, { tool: 'upkeep-no-such-tool', arguments: {} })]
}
