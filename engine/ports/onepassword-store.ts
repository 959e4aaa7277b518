import type { Refusal } from '@upkeep/contract/ports'
import type { StorePlace } from '@upkeep/domain/redaction/references'
import { z } from 'zod'
import { findProgram } from './find-program.ts'
import { refuse } from './network-refusal.ts'
import type { SecretStore, StoredNow, StoreMachine } from './secret-store.ts'
import { runStoreProgram } from './store-program.ts'

type ItemPlace = Extract<StorePlace, { store: '1password' }>

const Item = z.object({ id: z.string().regex(/^[A-Za-z0-9]{1,64}$/) })

/**
 * 1Password through its program `op`, version 2. A new item goes in as a JSON template by standard input, which it takes from a pipe alone. It
 * has nothing that holds others off, and two items may have one title: then neither is read.
 */
export function onePasswordOf({ env, platform }: StoreMachine): SecretStore<ItemPlace> | Refusal {
  if (platform === 'win32')
    return refuse('not-supported', 'op takes a new item from a pipe, which upkeep does not make on Windows')
  const program = findProgram('op', env.PATH)
  if (program === null) return refuse('not-configured', 'the program op of 1Password is not installed')
  // What it remembered of an earlier call is not what is there now.
  const quiet = { ...env, OP_CACHE: 'false' }
  const run = (words: readonly string[], input?: string) =>
    runStoreProgram(program, words, { env: quiet, ...(input === undefined ? {} : { input, piped: true }) })

  async function itemOf({ vault, item }: ItemPlace): Promise<{ state: 'present'; id: string } | null | Refusal> {
    const { code, out, err } = await run(['item', 'get', item, '--vault', vault, '--format', 'json'])
    if (code === 0) {
      const read = Item.safeParse(parsed(out))
      return read.success
        ? { state: 'present', id: read.data.id }
        : refuse('malformed', 'op answered with what is no item')
    }
    if (/isn't an item in the /.test(err)) return null
    return /more than one item matches/i.test(err)
      ? refuse('malformed', 'the vault has more than one item of that title')
      : refuse(
          'not-configured',
          `op did not say what is there (it ended with ${code}): see "op whoami", and the name of the vault`,
        )
  }

  async function secretOf({ vault, field }: ItemPlace, item: string): Promise<StoredNow> {
    const { code, out } = await run(['read', '--no-newline', `op://${vault}/${item}/${field}`])
    // The item is there and has no such field: it is somebody else's.
    return code === 0
      ? { state: 'present', secret: out }
      : refuse('malformed', `an item of that title is there whose field ${field} op does not read`)
  }

  return {
    async look(place) {
      const item = await itemOf(place)
      if (item === null) return { state: 'absent' }
      return item.state === 'unavailable' ? item : secretOf(place, place.item)
    },
    async put({ vault, item, field }, secret) {
      const fields = [{ id: field, type: 'CONCEALED', label: field, value: secret }]
      const template = JSON.stringify({ title: item, category: 'API_CREDENTIAL', fields })
      const { code } = await run(['item', 'create', '--vault', vault, '--format', 'json', '-'], template)
      return code === 0 ? null : refuse('permission-denied', `op did not take it (it ended with ${code})`)
    },
    async remove(place, isOurs) {
      const item = await itemOf(place)
      if (item === null) return null
      if (item.state === 'unavailable') return item
      // By its id from here on: what takes the title meanwhile is another item.
      const now = await secretOf(place, item.id)
      if (now.state === 'unavailable') return now
      if (now.state !== 'present' || !isOurs(now.secret))
        return refuse('changed-while-reading', 'another secret lies there by now')
      const { code } = await run(['item', 'delete', item.id, '--vault', place.vault])
      return code === 0 ? null : refuse('permission-denied', `op did not take it away (it ended with ${code})`)
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
