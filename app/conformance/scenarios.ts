import type { McpLook } from '@upkeep/contract/ports'
import { isLoopbackUrl } from '@upkeep/domain/loopback-url'

/** One scenario of the suite that says something of any server, and what of ours stands beside it. */
export interface Scenario {
  id: string
  /** The capability that a server must list for it. */
  capability: string | null
  /** The requirement of ours that asks the same. */
  requirement: string | null
}

/**
 * All other scenarios call tools, prompts and resources of the suite's own test server. On any other server they fail, or pass because an
 * error is text too: neither says anything.
 */
export const scenarios: readonly Scenario[] = [
  { id: 'server-initialize', capability: null, requirement: null },
  { id: 'ping', capability: null, requirement: null },
  { id: 'tools-list', capability: 'tools', requirement: null },
  { id: 'resources-list', capability: 'resources', requirement: null },
  { id: 'prompts-list', capability: 'prompts', requirement: null },
  { id: 'logging-set-level', capability: 'logging', requirement: null },
  { id: 'dns-rebinding-protection', capability: null, requirement: 'origin' },
]
/** How many more scenarios of 0.1.16 need the suite's own test server. */
export const forItsOwnServer = 25

/** Why the suite has nothing to say of a server; null where it has. */
export function whyNot(look: McpLook): string | null {
  const { eras, authentication, why } = look.facts
  if (authentication.required) return 'it asks for a token, and the suite can send none'
  const answered = eras.filter(({ outcome }) => outcome === 'answered').map(({ era }) => era)
  if (answered.length === 0) return `it could not be listed: ${why}`
  if (!answered.includes('initialize')) return 'it speaks 2026-07-28 alone, for which the suite has no scenario yet'
  return null
}

/** Why one scenario is not run against a server; null where it is. */
export function whyNotScenario({ id, capability }: Scenario, url: string, look: McpLook): string | null {
  const listed = 'state' in look.surface ? [] : look.surface.capabilities
  if (capability !== null && !listed.includes(capability)) return `it does not list ${capability}`
  if (id === 'dns-rebinding-protection' && !(isLoopbackUrl(url) && url.startsWith('http:'))) {
    return 'it asks about servers on this machine without TLS'
  }
  return null
}
