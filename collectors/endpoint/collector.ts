import { defineCollector, type Seen } from '@upkeep/contract'
import { chooseEndpoint } from './choose-endpoint.ts'
import { withoutText } from './without-text.ts'

const lookMs = 15_000
const maxBytes = 8 << 20
/** A server may say something else once it has been looked at. */
const lists = 3

interface Looked {
  endpoint: Seen<'endpoint'>
  /** Null where the client starts the server itself: another collector lists those. */
  surface: Seen<'tool-surface'> | null
}

/** What a live URL server answers when connected to and listed: nothing else is asked of it. */
export const endpoint = defineCollector({
  id: 'endpoint',
  version: 2,
  title: 'Live endpoints',
  sees: ['endpoint', 'tool-surface'],
  per: 'server',
  reaches: ['mcp', 'secrets'],
  after: [],
  timeoutSeconds: 25,
  async collect({ for: { subject, server }, ports, settings }) {
    const { endpoint, surface } = await look()
    return [
      { kind: 'endpoint', subject, ...endpoint },
      ...(surface === null ? [] : [{ kind: 'tool-surface' as const, subject, ...surface }]),
    ]

    async function look(): Promise<Looked> {
      const choice = chooseEndpoint(server, settings, ports.secrets)
      if (choice.state === 'absent') return { endpoint: choice, surface: null }
      if (choice.state === 'unavailable') return { endpoint: choice, surface: choice }
      const headers: Record<string, string> = choice.token === null ? {} : { authorization: `Bearer ${choice.token}` }
      const found = await ports.mcp.look({ url: choice.url, headers, timeoutMs: lookMs, maxBytes, lists })
      if (found.state === 'unavailable') return { endpoint: found, surface: found }
      const { facts, surface } = shown({ facts: found.facts, surface: found.surface }, choice)
      return {
        endpoint: { state: 'seen', facts: { ...facts, url: choice.shownUrl } },
        surface: 'state' in surface ? surface : { state: 'seen', facts: surface },
      }
    }
  },
})

/** What was found as it may be stored: without the token and the whole address, should the server have repeated them. */
function shown<Found>(found: Found, choice: { url: string; shownUrl: string; token: string | null }): Found {
  const secrets = [choice.token, choice.url === choice.shownUrl ? null : choice.url]
  return secrets.reduce((kept: Found, secret) => (secret === null ? kept : withoutText(kept, secret)), found)
}
