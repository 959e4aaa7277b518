import type { Server as TlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { UserError } from '@upkeep/contract'
import { openSecrets } from '@upkeep/engine/ports/secrets'
import { openState } from '../open-product.ts'
import { isAnyHost, type OpenDoor, type ServeBinding } from '../serve-binding.ts'
import { type Access, openAccess } from './access/access.ts'
import { peopleHere } from './access/people-here.ts'
import { openProvider, type Provider } from './access/provider.ts'
import { sessionFiles } from './access/session-files.ts'
import { signInLog } from './access/sign-in-log.ts'
import { type Names, namesOf } from './came-to.ts'
import { createServer } from './create-server.ts'
import { logTo } from './log-to.ts'
import { keepFresh } from './renewed-tls.ts'
import { readTls, type TlsPair } from './tls-files.ts'
import type { Workplace } from './work/messages.ts'
import { openRunner } from './work/runner.ts'

/** What it takes to serve one installation. */
export interface ServeInput {
  readonly version: string
  readonly workplace: Workplace
  /** Whose session the link opens: the machine's user, or whom they named with `--as`. */
  readonly person: string
  readonly binding: ServeBinding
  /** Whether what is due is run as well. */
  readonly duties: boolean
  readonly signal: AbortSignal
  tell(line: string): void
  /** Where a line of JSON for each request goes. */
  readonly log: { write(line: string): unknown }
  opened(door: OpenDoor): void
}

/** Opens the HTTP door and keeps it open until the signal. What is under way then is stopped as Ctrl-C would stop it. */
export async function serve(input: ServeInput): Promise<void> {
  const { version, workplace, binding, signal, tell, log, opened } = input
  const tls = binding.tls === null ? null : readTls(binding.tls)
  requireName(binding, tls, tell)
  const stateDir = openState(workplace.machine, workplace.practice).folder
  const access = accessFor(input, stateDir)
  const runner = await openRunner(workplace)
  let names: Names = { local: [], far: [] }
  const logger = logTo(log)
  const servers: TlsServer[] = []
  const own = tls === null ? null : { ...tls, made: (one: TlsServer) => servers.push(one) }
  const server = await createServer({
    version,
    runner,
    access,
    stateDir,
    binding,
    tls: own,
    names: () => names,
    logger,
  })
  try {
    await server.listen({ host: binding.host, port: binding.port })
    names = namesOf(binding, { port: portOf(server), certified: tls?.names ?? [] })
    opened(doorOf(names, access))
    if (binding.tls !== null) keepFresh(servers, { files: binding.tls, signal, tell })
    const duties = input.duties ? runner.duties({ signal, tell }) : null
    await stopped(signal)
    await duties
  } finally {
    await server.close()
    await runner.close()
  }
}

function doorOf({ local, far }: Names, { provider, link }: Access): OpenDoor {
  const [own] = local
  return {
    origin: far[0] ?? own ?? '',
    signsInWith: provider?.host ?? null,
    link: own === undefined ? null : () => link.make(own),
  }
}

function accessFor({ binding, person, workplace }: ServeInput, stateDir: string): Access {
  const log = signInLog(stateDir, () => new Date())
  const provider = providerOf(binding, { stateDir, env: workplace.machine.env })
  const files = provider === null ? null : sessionFiles(stateDir, provider.issuer)
  return openAccess({ person, people: peopleHere(workplace), provider, limits: binding.sessions, log, files })
}

function providerOf(
  { oidc }: ServeBinding,
  from: { stateDir: string; env: Readonly<Record<string, string | undefined>> },
): Provider | null {
  if (oidc === null) return null
  const { clientSecret: reference } = oidc
  const secret = reference === undefined ? null : openSecrets(from).resolve(reference)
  if (reference !== undefined && secret === null)
    throw new UserError(
      'not-found',
      `The secret for the provider is not there: ${reference.startsWith('env:') ? reference : 'its file cannot be read, or is empty'}.`,
      'Set what serve.oidc.clientSecret in upkeep.yaml names.',
    )
  return openProvider(oidc, secret)
}

/** On every address there has to be a name, or no `Host` could be told from that of a stranger. */
function requireName({ host, behind }: ServeBinding, tls: TlsPair | null, tell: (line: string) => void): void {
  if (tls === null) return
  if (tls.until < Date.now())
    tell(`The certificate ended on ${new Date(tls.until).toISOString().slice(0, 10)}: browsers will not open it.`)
  if (behind === null && isAnyHost(host) && tls.names.length === 0)
    throw new UserError(
      'bad-input',
      'The certificate is for no single name, so that it is not known what this is called.',
      'Listen on a name (--host upkeep.example.com), or take a certificate that names it.',
    )
}

function portOf({ server }: { server: Server }): number {
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
