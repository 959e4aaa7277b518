import type { Facts, Seen } from '@upkeep/contract'
import { plainServer } from '@upkeep/contract/testing/plain-server'

type Integrations = Facts<'integrations'>
type Credential = Integrations['credentials'][number]

export const declared: Seen<'declared-server'> = {
  state: 'seen',
  facts: {
    ...plainServer,
    name: 'github',
    launch: { via: 'binary', file: 'x' },
  },
}

/** A register entry with an owner and nothing else. */
export function integrations(more: Partial<Integrations> = {}): Seen<'integrations'> {
  const facts: Integrations = {
    name: 'github',
    client: 'claude-desktop',
    path: '/home/ada/config.json',
    disabled: false,
    destinations: [],
    credentials: [],
    dataRoots: [],
    withoutTls: [],
    owner: 'platform team',
    ownership: null,
    rotatedAt: null,
    shared: [],
    ...more,
  }
  return { state: 'seen', facts }
}

export const where = 'variable GITHUB_TOKEN'

export function credential(more: Partial<Credential> = {}): Credential {
  return { where, kind: 'github-token', stands: 'plain', fingerprint: 'a1', vendor: 'github', ...more }
}

export function history(firstSeenAt: string, beganWithinHistory: boolean): Seen<'credential-history'> {
  const credentials = [{ fingerprint: 'a1', firstSeenAt, beganWithinHistory }]
  return { state: 'seen', facts: { since: '2026-01-01T00:00:00.000Z', credentials } }
}

export const noHistory: Seen<'credential-history'> = { state: 'seen', facts: { since: null, credentials: [] } }

/** Neither run in the sandbox nor seen running. */
export const unobserved = {
  tests: { state: 'unavailable', code: 'not-consented', reason: 'it was not tested yet' },
  processes: { state: 'unavailable', code: 'not-supported', reason: 'this system has no /proc' },
  login: { state: 'absent', reason: 'nobody logged in to it' },
} as const satisfies {
  tests: Seen<'server-tests'>
  processes: Seen<'host-processes'>
  login: Seen<'server-login'>
}

/** A login that was given a week ago and holds for a month. */
export function login(more: Partial<Facts<'server-login'>> = {}): Seen<'server-login'> {
  const facts: Facts<'server-login'> = {
    url: 'https://mcp.example.com/mcp',
    issuer: 'https://login.example.com',
    kept: 'file',
    unreadable: null,
    obtainedAt: '2026-11-15T09:00:00.000Z',
    expiresAt: '2026-12-22T09:00:00.000Z',
    refreshable: false,
    lastRefresh: null,
    ...more,
  }
  return { state: 'seen', facts }
}
