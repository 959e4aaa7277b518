import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'

/** Somebody whom the provider knows by this name. */
export interface PracticeAccount {
  readonly email?: string
  readonly email_verified?: boolean
}

export interface OpenIdProvider {
  readonly issuer: string
  /** Registers the one client, and who is known. Until then it does not answer. */
  register(asked: {
    origins: readonly string[]
    accounts: Readonly<Record<string, PracticeAccount>>
    tokenSeconds?: number
  }): Promise<void>
  /** Ends the process, as when a provider is down. */
  stop(): Promise<void>
}

export const practiceClient = { id: 'upkeep', secret: 'a-secret-of-the-practice-client' }
/** A program with an identity of its own at the provider. */
export const practiceRobot = { id: 'robot-client', secret: 'a-secret-of-the-practice-robot' }

const Said = z.union([z.strictObject({ issuer: z.string() }), z.strictObject({ ready: z.literal(true) })])

/** Starts the provider as a process of its own. */
export async function startOpenIdProvider({ codeSeconds = 60 } = {}): Promise<OpenIdProvider> {
  const child = fork(join(import.meta.dirname, 'openid-provider.mjs'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const said = await heard(child)
  if (!('issuer' in said)) throw new Error('the provider did not say who it is')
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    issuer: said.issuer,
    async register({ origins, accounts, tokenSeconds = 600 }) {
      const ready = heard(child)
      const web = {
        client_id: practiceClient.id,
        client_secret: practiceClient.secret,
        redirect_uris: origins.map((one) => `${one}/sign-in/back`),
        post_logout_redirect_uris: origins.map((one) => `${one}/`),
        backchannel_logout_uri: `${origins[0]}/sign-out/back-channel`,
        backchannel_logout_session_required: true,
      }
      const robot = {
        client_id: practiceRobot.id,
        client_secret: practiceRobot.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      }
      child.send({ clients: [web, robot], accounts, codeSeconds, tokenSeconds })
      await ready
    },
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function heard(child: ChildProcess): Promise<z.infer<typeof Said>> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(Said.parse(message)))
    child.once('exit', () => reject(new Error('the provider ended')))
  })
}
