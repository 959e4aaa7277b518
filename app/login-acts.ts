import type { HttpPort } from '@upkeep/contract'
import { type KeptLogins, keptLogins } from '@upkeep/engine/login/kept-logins'
import { systemKeyring } from '@upkeep/engine/login/system-keyring'
import type { Acts, Context, ScanRequest } from './operations/context.ts'

type LoginInput = Pick<Context, 'stateDir' | 'machine' | 'clock' | 'signal' | 'upkeepFile'>

/** The logins of this installation. Reads nothing yet. */
export function loginsOf({ stateDir, machine }: Pick<LoginInput, 'stateDir' | 'machine'>): KeptLogins {
  return keptLogins(stateDir, systemKeyring({ platform: machine.platform, path: machine.env.PATH ?? '' }))
}

/** Logging in and out. What speaks OAuth is loaded only then. */
export function loginActs(input: LoginInput): Pick<Acts, 'logIn' | 'logOut'> {
  const { clock, signal } = input
  return {
    async logIn(request) {
      const [{ logIn }, { createHttpPort }] = await Promise.all([import('@upkeep/engine/login/log-in'), httpPort()])
      const logins = loginsOf(input)
      const now = () => clock.now()
      return await logIn({ ...request, http: createHttpPort(), logins, now, signal, ask: (step) => request.ask(step) })
    },
    async logOut(url) {
      const logins = loginsOf(input)
      const login = logins.find(url)
      if (login === null) return null
      const [{ logOut }, { createHttpPort }] = await Promise.all([import('@upkeep/engine/login/log-out'), httpPort()])
      return await logOut(login, logins, createHttpPort())
    },
  }
}

const httpPort = () => import('@upkeep/engine/ports/http')

/** Refreshes what is at its end, of the servers that this round will talk to. */
export async function refreshBefore(
  input: LoginInput,
  { probe }: Pick<ScanRequest, 'probe'>,
  http: HttpPort,
): Promise<void> {
  const logins = loginsOf(input)
  if (logins.list().length === 0) return
  const { refreshLogins } = await import('@upkeep/engine/login/refresh-logins')
  const listed = new Set(input.upkeepFile.probe.map(({ url }) => url))
  await refreshLogins({ logins, http, now: () => input.clock.now(), concerns: (url) => probe || listed.has(url) })
}
