import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '@upkeep/engine/store/store'
import type { Machine } from './operations/context.ts'

/** The state of an installation, opened at the first call. */
export interface OpenedState {
  readonly folder: string
  open(): Promise<Store>
  /** Null while there is none: reading makes none. */
  existing(): Promise<Store | null>
  close(): Promise<void>
}

/** The state, opened at the first call and shared; reading alone never makes one. */
export function openedOnce(stateDir: string, machine: Machine): OpenedState {
  const postgresUrl = machine.env.UPKEEP_DATABASE_URL
  let opened: Promise<Store> | null = null
  async function openNow(): Promise<Store> {
    const { openStore } = await import('@upkeep/engine/store/open-store')
    return openStore(postgresUrl ? { postgresUrl } : { stateDir })
  }
  function open(): Promise<Store> {
    opened ??= openNow()
    return opened
  }
  return {
    folder: stateDir,
    open,
    existing: async () => (postgresUrl || opened !== null || existsSync(join(stateDir, 'state.db')) ? open() : null),
    close: async () => {
      if (opened !== null) await (await opened).close()
    },
  }
}
