import { defineServerProbe, type ServerProbeAttempt, type ServerUnderTest, type StartedServer } from '@upkeep/contract'
import { isRecord } from '@upkeep/domain/is-record'
import { addressWith, hasExploded } from './address.ts'

/** How many commas; each six more make about eighteen times the work where the weakness is. */
const lengths = [24, 30, 36, 42] as const
const patienceMs = 8_000
/** Broken is beyond both: so long, and so many times what a plain address takes. */
const slow = { milliseconds: 1_000, times: 20 }

/** Whether an address can make the server count for seconds, because of how it matches its resource templates. */
export const sdkUriTemplate = defineServerProbe({
  id: 'sdk-uri-template',
  version: 1,
  title: 'An address of commas does not keep the server busy',
  tries: { kind: 'weakness', ids: ['CVE-2026-0621'] },
  of: null,
  cites: [
    'CVE-2026-0621: exploded variables of a URI template become a pattern that backtracks',
    'CWE-1333 inefficient regular expression',
  ],
  needs: ['files', 'processes', 'network', 'memory'],
  timeoutSeconds: 60,
  attempt,
})

async function attempt(server: ServerUnderTest): Promise<ServerProbeAttempt> {
  const started = await server.start({ bounds: { cpuSeconds: 50, wallSeconds: 55 } })
  if ('state' in started) return { outcome: 'inconclusive', detail: started.reason, transcript: [] }
  const templates = await exploded(started)
  if (templates === null) return { outcome: 'inconclusive', detail: 'it does not list its templates', transcript: [] }
  const [template] = templates
  if (template === undefined)
    return {
      outcome: 'not-applicable',
      detail: 'none of its resource templates has an exploded variable',
      transcript: [],
    }
  return await lengthen(started, template)
}

async function lengthen(started: StartedServer, template: string): Promise<ServerProbeAttempt> {
  const transcript: ServerProbeAttempt['transcript'] = []
  const ask = async (commas: number) => {
    const reply = await started.request('resources/read', { uri: addressWith(template, commas) }, patienceMs)
    const { state, milliseconds } = reply
    transcript.push({
      sent: `resources/read ${template} with ${commas} commas`,
      received: state === 'failed' ? `no answer in ${milliseconds} ms` : `answered in ${milliseconds} ms`,
    })
    return reply
  }
  await ask(2)
  const plain = await ask(2)
  if (plain.state === 'failed')
    return { outcome: 'inconclusive', detail: 'a plain address is not answered', transcript }
  for (const commas of lengths) {
    const { state, milliseconds } = await ask(commas)
    const limit = Math.max(slow.milliseconds, slow.times * plain.milliseconds)
    if (milliseconds > limit) {
      const took = state === 'failed' ? `no answer in ${milliseconds} ms` : `${milliseconds} ms`
      const detail = `${commas} commas in an address of ${template}: ${took}; with two ${plain.milliseconds} ms`
      return { outcome: 'broken', detail, transcript }
    }
    if (state === 'failed') return { outcome: 'inconclusive', detail: 'it ended while it was asked', transcript }
  }
  return {
    outcome: 'held',
    detail: `${lengths.at(-1)} commas in an address of ${template} cost it nothing`,
    transcript,
  }
}

/** The templates that the attack needs; null where they cannot be listed although the server says that it has resources. */
async function exploded(started: StartedServer): Promise<string[] | null> {
  const listed = await started.request('resources/templates/list')
  // A server without resources answers with an error: it has no templates then.
  if (listed.state !== 'result') return listed.state === 'error' ? [] : null
  const { resourceTemplates } = listed.result
  if (!Array.isArray(resourceTemplates)) return []
  const texts = resourceTemplates.flatMap((one: unknown) =>
    isRecord(one) && typeof one.uriTemplate === 'string' && one.uriTemplate.length < 1_000 ? [one.uriTemplate] : [],
  )
  return texts.filter(hasExploded)
}
