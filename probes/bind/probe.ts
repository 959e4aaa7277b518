import { defineProbe } from '@upkeep/contract'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'
import { openingMessage } from '@upkeep/domain/negative-request/messages'
import { beginTrial } from '@upkeep/domain/negative-request/trial'

/** Whether a server that is used on loopback answers at this machine's other addresses too. */
export const bind = defineProbe({
  id: 'bind',
  version: 1,
  title: 'A local server answers on loopback only',
  control: 'bind',
  cites: [
    'MCP 2025-11-25, transports, security warning 2: a server that runs locally SHOULD bind to localhost only',
    'CWE-1327 binding to an unrestricted address',
  ],
  reaches: ['http', 'machine'],
  timeoutSeconds: 45,
  async attempt({ url }, { http, machine }) {
    if (!isLoopbackUrl(url)) return nothingToTry('its address is not a loopback one, so others are meant to reach it')
    const addresses = machine.addresses()
    if (addresses.length === 0) return nothingToTry('this machine has no address but loopback')
    const own = beginTrial({ url, authorization: null }, http)
    await own.send(openingMessage('initialize'), {})
    if (own.last()?.state !== 'answered') return await own.finish('inconclusive', 'nothing answers on loopback either')
    const { transcript: begun } = await own.finish('held', '')
    const found = []
    for (const address of addresses) {
      const trial = beginTrial({ url: at(url, address), authorization: null }, http)
      const reading = await trial.send(openingMessage('initialize'), {})
      const brief = reading.kind === 'unclear' ? '' : ` (${reading.brief})`
      const attempt = await trial.finish(trial.last()?.state === 'answered' ? 'broken' : 'held', `${address}${brief}`)
      found.push({ ...attempt, code: codeOf(trial.last()) })
    }
    const transcript = [...begun, ...found.flatMap((one) => one.transcript)]
    const open = found.filter(({ outcome }) => outcome === 'broken').map(({ detail }) => detail)
    if (open.length > 0) return { outcome: 'broken', detail: `its port answers at ${open.join(', ')} too`, transcript }
    if (found.every(({ code }) => code === 'timed-out')) {
      return { outcome: 'inconclusive', detail: 'no answer in time at any other address', transcript }
    }
    return { outcome: 'held', detail: `nothing answers on its port at ${addresses.join(', ')}`, transcript }
  },
})

function nothingToTry(detail: string) {
  return { outcome: 'not-applicable' as const, detail, transcript: [] }
}

function at(url: string, address: string): string {
  const other = new URL(url)
  other.hostname = address
  return other.href
}

function codeOf(answer: { state: string; code?: string } | null): string | null {
  return answer?.state === 'unavailable' ? (answer.code ?? null) : null
}
