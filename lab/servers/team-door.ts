import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Served, served } from '@upkeep/app/http/served.cases'
import type { ServeBinding } from '@upkeep/app/serve-binding'
import { OidcSettings } from '@upkeep/contract'
import { type OpenIdProvider, practiceClient, startOpenIdProvider } from './openid-provider.ts'
import { throughProvider, type UserAgent, userAgent } from './user-agent.ts'

/** A door that people sign in at with a real OpenID provider, which runs as a process of its own. */
export interface ServedTeam extends Served {
  readonly provider: OpenIdProvider
  /** A browser that signed in as somebody, with what it was sent to at last. */
  signInAs(name: string): Promise<{ agent: UserAgent; landed: string; cookie: string }>
  /** Stops it and serves the same folders anew, on another port; the provider goes on. */
  restart(over?: Partial<ServeBinding>): Promise<Served>
  /** What `/session` says to a browser. */
  sessionOf(agent: UserAgent): Promise<Record<string, unknown>>
}

export const teamPeople = `  - { id: ada, name: Ada, roles: [admin, approver], email: ada@example.com }
  - { id: bob, name: Bob, roles: [operator], email: bob@example.com }
  - { id: carol, name: Carol, roles: [approver], subject: carol-at-the-provider }
  - { id: vic, name: Vic, roles: [viewer], email: vic@example.com }
  - { id: robot, name: Robot, roles: [admin, approver], agent: true, subject: robot-client }
`

const verified = (email: string) => ({ email, email_verified: true })
export const teamAccounts = {
  ada: verified('ada@example.com'),
  bob: verified('bob@example.com'),
  vic: verified('vic@example.com'),
  mallory: { email: 'ada@example.com', email_verified: false },
  stranger: verified('stranger@example.com'),
}

export async function servedTeam({
  over = {},
  codeSeconds = 60,
}: {
  over?: Partial<ServeBinding>
  codeSeconds?: number
} = {}): Promise<ServedTeam> {
  const provider = await startOpenIdProvider({ codeSeconds })
  const oidc = OidcSettings.parse({
    issuer: provider.issuer,
    clientId: practiceClient.id,
    clientSecret: 'env:PRACTICE_SECRET',
  })
  process.env.PRACTICE_SECRET = practiceClient.secret
  const door = await served(teamHome, 'localhost', { oidc, ...over })
  await provider.register({ origins: [door.origin], accounts: teamAccounts })
  const sessionOf: ServedTeam['sessionOf'] = async (agent) =>
    Object(await (await agent.go(`${door.origin}/session`)).json())
  return {
    ...door,
    provider,
    sessionOf,
    async restart(again = {}) {
      await door.stop()
      return served(teamHome, 'localhost', { oidc, ...over, ...again }, door)
    },
    async signInAs(name) {
      const agent = userAgent()
      const begun = await agent.go(`${door.origin}/sign-in`)
      const back = await throughProvider(agent, begun.headers.get('location') ?? '', name)
      const landed = (await agent.go(back)).headers.get('location') ?? ''
      return { agent, landed, cookie: `upkeep_session=${agent.cookies(door.origin).get('upkeep_session') ?? ''}` }
    },
    async stop() {
      await door.stop()
      await provider.stop()
    },
  }
}

function teamHome(home: string): void {
  mkdirSync(join(home, '.cursor'), { recursive: true })
  const mcpServers = {
    fs: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2025.3.28', home] },
  }
  writeFileSync(join(home, 'upkeep.yaml'), `version: 1\npeople:\n${teamPeople}`)
  writeFileSync(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers }), { mode: 0o644 })
}
