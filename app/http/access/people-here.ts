import { statSync } from 'node:fs'
import { type Person, Role } from '@upkeep/contract'
import { readUpkeepFile } from '@upkeep/engine/kernel/upkeep-file'
import { upkeepFileFor } from '../../open-product.ts'
import type { Workplace } from '../work/messages.ts'

/** Who is named in `upkeep.yaml` now; null where there is none that can be read. It is read again when it was changed. */
export type PeopleHere = () => readonly Person[] | null

export function peopleHere({ machine, configPath, practice }: Workplace): PeopleHere {
  let last: { stand: string; people: readonly Person[] | null } | null = null
  return () => {
    const path = upkeepFileFor(machine, configPath, practice)
    if (path === null) return []
    const found = statSync(path, { throwIfNoEntry: false })
    const stand = `${path} ${found?.mtimeMs} ${found?.size} ${found?.ino}`
    if (last?.stand !== stand) last = { stand, people: peopleIn(path) }
    return last.people
  }
}

function peopleIn(path: string): readonly Person[] | null {
  try {
    return readUpkeepFile(path).people
  } catch {
    return null
  }
}

/** Whoever sits at the machine may look, as at the terminal. */
const looks: readonly Role[] = ['viewer']

/**
 * The roles that whoever sits at the machine has: to look where others are named and they are not, all where nobody is, as at the terminal. A
 * file that cannot be read gives no more than that.
 */
export function rolesAtMachine(named: readonly Person[] | null, person: string): readonly Role[] {
  if (named === null) return looks
  return named.length === 0 ? Role.options : (named.find(({ id }) => id === person)?.roles ?? looks)
}
