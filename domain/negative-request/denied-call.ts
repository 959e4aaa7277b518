import type { ControlAttempt, ProbeSubject } from '@upkeep/contract/probe'
import { isRecord } from '../is-record.ts'
import { callMessage } from './messages.ts'
import { messageIn } from './read-answer.ts'
import type { Trial } from './trial.ts'

type Call = NonNullable<ProbeSubject['denied']>[number]
type Entered = Extract<Awaited<ReturnType<Trial['enter']>>, { session: string | null }>
const noSuchTool = 'upkeep-no-such-tool'

/**
 * Makes a call that must be denied. Denied is: refused by status, by an error that says so, or answered just as a tool that does not
 * exist. A call that gets as far as the tool's own arguments was not denied.
 */
export async function tryDeniedCall(
  trial: Trial,
  entered: Entered,
  call: Call,
  authorized: boolean,
): Promise<Pick<ControlAttempt, 'outcome' | 'detail'>> {
  if (!/^[\x21-\x7e]{1,200}$/.test(call.tool)) {
    return { outcome: 'inconclusive', detail: 'the name of the tool cannot go into a header' }
  }
  const send = async (tool: string, args: object) => {
    const message = callMessage(entered.era, entered.session, { tool, arguments: args })
    const reading = await trial.send({ ...message, method: `tools/call ${tool}` }, { authorized })
    return { reading, answer: shapeOf(trial.last(), tool) }
  }
  const unknown = await send(noSuchTool, {})
  const denied = await send(call.tool, call.arguments)
  const { reading, answer } = denied
  if (reading.kind === 'status' && [401, 403].includes(reading.status)) {
    return { outcome: 'held', detail: `a call of ${call.tool} is denied (${reading.brief})` }
  }
  if (answer === null) return { outcome: 'inconclusive', detail: `a call of ${call.tool}: ${reading.brief}` }
  if (answer.served) return { outcome: 'broken', detail: `a call of ${call.tool} is served` }
  if (answer.text === unknown.answer?.text) {
    return { outcome: 'held', detail: `a call of ${call.tool} is answered as if there were no such tool` }
  }
  if (/den(?:y|ied)|forbid|not allowed|not permitted|polic|permission|unauthori[sz]ed/i.test(answer.text)) {
    return { outcome: 'held', detail: `a call of ${call.tool} is denied by an error that says so` }
  }
  if (/argument|param|schema|required|invalid_type/i.test(answer.text)) {
    return { outcome: 'broken', detail: `a call of ${call.tool} gets as far as its arguments: nothing denied it` }
  }
  return {
    outcome: 'inconclusive',
    detail: `a call of ${call.tool} gives an error that does not say that it is denied`,
  }
}

/** What an answer comes to: whether the tool ran, and its text with the tool's name taken out, for comparing and never for showing. */
function shapeOf(answer: ReturnType<Trial['last']>, tool: string): { served: boolean; text: string } | null {
  const message = answer?.state === 'answered' ? messageIn(answer) : null
  if (message === null) return null
  const { result, error } = message
  const served = isRecord(result) && result.isError !== true
  const text = JSON.stringify(error ?? (isRecord(result) ? result.content : null) ?? null)
  return { served, text: text.slice(0, 20_000).replaceAll(tool, '(tool)') }
}
