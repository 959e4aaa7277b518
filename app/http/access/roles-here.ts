import { statSync } from 'node:fs'
import { Role } from '@upkeep/contract'
import { readUpkeepFile } from '@upkeep/engine/kernel/upkeep-file'
import { upkeepFileFor } from '../../open-product.ts'
import type { Workplace } from '../work/messages.ts'

/**
 * The roles that `upkeep.yaml` gives somebody now: to look where others are named there and they are not, all where nobody is, as at
 * the terminal. A file that cannot be read gives no more than that.
 */
export function rolesHere({ machine, configPath, practice }: Workplace, person: string): () => readonly Role[] {
  let last: { stand: string; roles: readonly Role[] } | null = null
  return () => {
    const path = upkeepFileFor(machine, configPath, practice)
    if (path === null) return Role.options
    const found = statSync(path, { throwIfNoEntry: false })
    const stand = `${path} ${found?.mtimeMs} ${found?.size} ${found?.ino}`
    if (last?.stand !== stand) last = { stand, roles: rolesIn(path, person) }
    return last.roles
  }
}

/** Whoever sits at the machine may look, as at the terminal. */
const looks: readonly Role[] = ['viewer']

function rolesIn(path: string, person: string): readonly Role[] {
  try {
    const { people } = readUpkeepFile(path)
    return people.length === 0 ? Role.options : (people.find(({ id }) => id === person)?.roles ?? looks)
  } catch {
    return looks
  }
}
