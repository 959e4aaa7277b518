import type { PersonKey } from '@upkeep/contract'
import type { PersonAtDoor, PersonalKey } from './context.ts'

/** The key that the person named, else one of theirs that is enrolled, where it is at hand. */
export function personalKey(
  person: PersonAtDoor,
  file: string | undefined,
  enrolled: readonly Pick<PersonKey, 'key'>[],
): PersonalKey | null {
  if (file !== undefined) return person.keyAt(file)
  const [found] = enrolled.flatMap(({ key }) => person.findKey(key) ?? [])
  return found === undefined ? null : person.keyAt(found)
}
