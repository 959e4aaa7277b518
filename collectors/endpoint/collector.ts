import { defineCollector, type Facts, type Seen } from '@upkeep/contract'
import { chooseEndpoint } from './choose-endpoint.ts'
import { withoutText } from './without-text.ts'

const lookMs = 15_000
const maxBytes = 8 << 20

/** What a live URL server answers when connected to and listed: nothing else is asked of it. */
export const endpoint = defineCollector({
  id: 'endpoint',
  version: 1,
  title: 'Live endpoints',
  sees: ['endpoint'],
  per: 'server',
  reaches: ['mcp', 'secrets'],
  after: [],
  timeoutSeconds: 25,
  async collect({ for: { subject, server }, ports, settings }) {
    return [{ kind: 'endpoint', subject, ...(await look()) }]

    async function look(): Promise<Seen<'endpoint'>> {
      const choice = chooseEndpoint(server, settings, ports.secrets)
      if (choice.state !== 'chosen') return choice
      const headers: Record<string, string> = choice.token === null ? {} : { authorization: `Bearer ${choice.token}` }
      const found = await ports.mcp.look({ url: choice.url, headers, timeoutMs: lookMs, maxBytes })
      if (found.state === 'unavailable') return found
      return { state: 'seen', facts: shown(found.facts, choice) }
    }
  },
})

/** The facts as they may be stored: under the shown address, and without the token should the server have repeated it. */
function shown(
  facts: Facts<'endpoint'>,
  choice: { url: string; shownUrl: string; token: string | null },
): Facts<'endpoint'> {
  const secrets = [choice.token, choice.url === choice.shownUrl ? null : choice.url]
  const clean = secrets.reduce((kept, secret) => (secret === null ? kept : withoutText(kept, secret)), facts)
  return { ...clean, url: choice.shownUrl }
}
