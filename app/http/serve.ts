import type { AddressInfo } from 'node:net'
import { openState } from '../open-product.ts'
import { localAccess } from './access/local-access.ts'
import { rolesHere } from './access/roles-here.ts'
import { createServer } from './create-server.ts'
import { logTo } from './log-to.ts'
import type { Workplace } from './work/messages.ts'
import { openRunner } from './work/runner.ts'

/** What it takes to serve one installation. */
export interface ServeInput {
  readonly version: string
  readonly workplace: Workplace
  /** Whose session the link opens: the machine's user, or whom they named with `--as`. */
  readonly person: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Whether what is due is run as well. */
  readonly duties: boolean
  readonly signal: AbortSignal
  tell(line: string): void
  /** Where a line of JSON for each request goes. */
  readonly log: { write(line: string): unknown }
  /** Called once the door is open, with its address and what makes a link that opens it once. */
  opened(origin: string, link: () => string): void
}

/** Opens the HTTP door and keeps it open until the signal. What is under way then is stopped as Ctrl-C would stop it. */
export async function serve(input: ServeInput): Promise<void> {
  const { version, workplace, person, host, port, signal, tell, log, opened } = input
  const runner = await openRunner(workplace)
  const access = localAccess({ person, roles: rolesHere(workplace, person) })
  let origins: readonly string[] = []
  const server = await createServer({
    version,
    runner,
    access,
    stateDir: openState(workplace.machine, workplace.practice).folder,
    origins: () => origins,
    logger: logTo(log),
  })
  try {
    await server.listen({ host, port })
    origins = originsAt(host, server.server.address())
    opened(origins[0] ?? '', () => access.link(origins[0] ?? ''))
    const duties = input.duties ? runner.duties({ signal, tell }) : null
    await stopped(signal)
    await duties
  } finally {
    await server.close()
    await runner.close()
  }
}

/** What a browser may call this: the address itself, and the names of loopback. */
function originsAt(host: string, address: AddressInfo | string | null): string[] {
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const named = host.includes(':') ? `[${host}]` : host
  return [...new Set([named, '127.0.0.1', 'localhost', '[::1]'])].map((one) => `http://${one}:${port}`)
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
