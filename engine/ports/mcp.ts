import type { McpLook, McpPort, McpTarget, Refusal } from '@upkeep/contract'
import { captureSurface } from './mcp-capture.ts'
import { lookInBothEras } from './mcp-look.ts'
import { replayCalls } from './mcp-replay.ts'
import { readTls, type TlsFacts } from './mcp-tls.ts'
import { refuse } from './network-refusal.ts'

/**
 * The engine's MCP hands: connect, list, disconnect. A client of our own, since one that lists needs little and has to outlive whatever
 * answers: it holds no answer back, compiles no schema, and is bounded on every side.
 */
export function createMcpPort(): McpPort {
  return { look, capture: captureSurface, replay: replayCalls }
}

async function look(target: McpTarget): Promise<McpLook | Refusal> {
  const url = URL.canParse(target.url) ? new URL(target.url) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse('not-supported', 'the address is not an http or https URL')
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('not-supported', 'the address carries user info; give a token by reference instead')
  }
  const tls = url.protocol === 'https:' ? await readTls(url, Math.min(5_000, target.timeoutMs / 4)) : null
  if (tls !== null && !tls.authorized) return untrusted(target, tls)
  return await lookInBothEras(target, url, tls)
}

/** A certificate that does not hold ends the look before a token or a message is sent; the facts say so. */
function untrusted(target: McpTarget, tls: TlsFacts): McpLook {
  const detail = `the certificate does not hold (${tls.problem ?? 'not verified'}); nothing was sent`
  return {
    state: 'answered',
    facts: {
      url: target.url,
      reachable: true,
      httpStatus: null,
      eras: [],
      why: detail,
      tls,
      authentication: { required: false, scheme: null, resourceMetadata: null },
      latencyMs: { connect: 0, list: null },
    },
    surface: refuse('unreachable', detail),
  }
}
