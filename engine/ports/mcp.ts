import type { McpLook, McpPort, Refusal } from '@upkeep/contract'
import { readTls, type TlsFacts } from './mcp-tls.ts'
import { refuse } from './network-refusal.ts'

type Target = Parameters<McpPort['look']>[0]

/**
 * The engine's MCP hands: connect, list, disconnect. The MCP client is loaded at the first look, so that a round without endpoints never
 * pays for it.
 */
export function createMcpPort(): McpPort {
  return { look }
}

async function look(target: Target): Promise<McpLook | Refusal> {
  const url = URL.canParse(target.url) ? new URL(target.url) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse('not-supported', 'the address is not an http or https URL')
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('not-supported', 'the address carries user info; give a token by reference instead')
  }
  const tls = url.protocol === 'https:' ? await readTls(url, Math.min(5_000, target.timeoutMs / 4)) : null
  if (tls !== null && !tls.authorized) return untrusted(target, tls)
  const { lookInBothEras } = await import('./mcp-look.ts')
  return await lookInBothEras(target, tls)
}

/** A certificate that does not hold ends the look before a token or a message is sent; the facts say so. */
function untrusted(target: Target, tls: TlsFacts): McpLook {
  const detail = `the certificate does not hold (${tls.problem ?? 'not verified'}); nothing was sent`
  return {
    state: 'answered',
    facts: {
      url: target.url,
      reachable: true,
      httpStatus: null,
      eras: [],
      serverInfo: null,
      instructions: null,
      capabilities: [],
      tools: null,
      prompts: null,
      resources: null,
      why: detail,
      truncated: false,
      tls,
      authentication: { required: false, scheme: null, resourceMetadata: null },
      latencyMs: { connect: 0, list: null },
    },
  }
}
