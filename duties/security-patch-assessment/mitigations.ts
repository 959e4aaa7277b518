import type { Facts } from '@upkeep/contract'
import type { KnownPart } from '@upkeep/domain/advisories/match-parts'
import { printable } from '@upkeep/domain/printable'
import type { exposureOf } from '@upkeep/domain/urgency/server-exposure'

/** What can be done without a fixed version, by what was seen of the server; the first is the one that is surest. */
export function mitigationsFor(
  { declared, exposure }: { declared: Facts<'declared-server'>; exposure: ReturnType<typeof exposureOf> },
  part: Pick<KnownPart, 'direct' | 'name' | 'builds'>,
): string[] {
  const name = printable(declared.name)
  const steps = [`Disable the entry "${name}" in ${printable(declared.path)}.`]
  if (exposure.value === 'open' || exposure.value === 'guarded')
    steps.push('Let it listen on this machine only, or put it behind something that asks for a credential.')
  if (declared.autoApprove.length > 0) steps.push('Take its tools off the list of those that run without asking.')
  const given = [...Object.keys(declared.env), ...Object.keys(declared.headers)].sort().slice(0, 10)
  if (given.length > 0)
    steps.push(`Take from it the credentials that it can do without: ${printable(given.join(', '))}.`)
  if (part.builds !== undefined)
    steps.push(`Ask its makers for an image that was built anew with a fixed ${part.name}.`)
  else if (!part.direct) steps.push(`Ask its makers for a version that brings along a fixed ${part.name}.`)
  return steps
}
