import { statSync } from 'node:fs'
import type { Server } from 'node:https'
import { UserError } from '@upkeep/contract'
import { readTls } from './tls-files.ts'

const lookEveryMs = 60_000

interface Renewing {
  readonly files: { readonly certificate: string; readonly key: string }
  readonly signal: AbortSignal
  tell(line: string): void
  readonly everyMs?: number
}

/** Takes a renewed certificate up within a minute, without a restart. One that does not fit is told of, and the former one stays. */
export function keepFresh(servers: readonly Server[], { files, signal, tell, everyMs = lookEveryMs }: Renewing): void {
  let stand = standOf(files)
  const look = setInterval(() => {
    const now = standOf(files)
    if (now === stand) return
    stand = now
    try {
      const { cert, key } = readTls(files)
      for (const server of servers) server.setSecureContext({ cert, key })
      tell('The certificate was renewed: new connections get it.')
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      tell(`The certificate was changed and is not taken up. ${error.message}`)
    }
  }, everyMs)
  look.unref()
  signal.addEventListener('abort', () => clearInterval(look), { once: true })
}

function standOf({ certificate, key }: Renewing['files']): string {
  return [certificate, key]
    .map((path) => statSync(path, { throwIfNoEntry: false }))
    .map((found) => `${found?.mtimeMs} ${found?.size} ${found?.ino}`)
    .join(' ')
}
