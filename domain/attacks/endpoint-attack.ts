import type { AttackAtom, AttackMethod } from '@upkeep/contract/attack-atom'
import type { HttpPort, HttpRequest } from '@upkeep/contract/ports'
import type { ServerProbeAttempt } from '@upkeep/contract/server-probe'
import type { Attacked } from './attacked.ts'
import { makeAttack } from './make-attack.ts'
import { attackedOverHttp, headersFor, type Tokens } from './over-http.ts'

/**
 * The ways of attacking that may be taken on a server in use: they call no tool that it offers, put no load on it, and need no files laid
 * out. The others are made in the sandbox alone.
 */
const harmlessInUse: ReadonlySet<AttackMethod['probe']> = new Set([
  'forged-request',
  'foreign-preflight',
  'batch',
  'same-id',
  'unlisted-tool',
  'listing',
])

const nowhere: Attacked['places'] = { root: '', inside: '', outside: '', link: '', sink: '', written: '' }

/** Whether an atom may be made on a server in use. */
export function mayBeMadeInUse(atom: AttackAtom): boolean {
  return harmlessInUse.has(atom.probe)
}

/** Makes one attack on a listed endpoint, in a conversation of its own, and ends every session that came of it. */
export async function attackEndpoint(
  atom: AttackAtom,
  http: HttpPort,
  { url, tokens }: { url: string; tokens: Tokens },
): Promise<ServerProbeAttempt> {
  const opened = new Set<string>()
  const noting: HttpPort = {
    exchange: async (request) => {
      const answer = await http.exchange(request)
      const session = answer.state === 'answered' ? answer.headers['mcp-session-id'] : undefined
      if (session !== undefined) opened.add(session)
      return answer
    },
  }
  const end = async (said: readonly string[]) => ({ said, log: '', written: null, calledSink: null })
  try {
    const attacked = await attackedOverHttp(noting, url, tokens, { places: nowhere, end })
    if (typeof attacked === 'string') return { outcome: 'inconclusive', detail: attacked, transcript: [] }
    return await makeAttack(atom, attacked)
  } finally {
    for (const session of opened) await http.exchange(ending(url, tokens.own, session))
  }
}

function ending(url: string, token: string | null, session: string): HttpRequest {
  const headers = headersFor(token, { 'mcp-session-id': session })
  return { url, method: 'DELETE', headers, timeoutMs: 5_000, maxBytes: 4_000 }
}
