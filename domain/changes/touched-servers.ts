import type { ChangePlan } from '@upkeep/contract/change-plan'

/** The servers that a change is about, by the names of their entries. Empty where it is about a file and no server of it. */
export function touchedServers({ inputs }: Pick<ChangePlan, 'inputs'>): string[] {
  const names = inputs.flatMap((input) => ('server' in input ? [input.server] : []))
  return [...new Set(names)].sort()
}
