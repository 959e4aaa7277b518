import type { Facts, Finding } from '@upkeep/contract'
import type { ChangeTest } from '@upkeep/contract/change-step'

type Result = Facts<'server-probes'>['results'][number]

/** What must not work once a change is made: what was shown to be shut out before it, and the weaknesses that it should close. */
export interface ShutOut {
  /** Ids of probes. */
  readonly held: ReadonlySet<string>
  /** Ids of weaknesses, as advisories name them. */
  readonly closing: ReadonlySet<string>
}

/** Drawn from the tests of a change, from what earlier runs proved of the same servers, and from the findings that it should close. */
export function shutOutBy(
  tests: readonly ChangeTest[],
  earlier: readonly Result[],
  closing: readonly { readonly statement: Pick<Finding['statement'], 'facts'> }[],
): ShutOut {
  const held = earlier.flatMap(({ probe, outcome }) => (outcome === 'held' ? [probe] : []))
  return {
    held: new Set([...held, ...tests.flatMap((test) => test.held ?? [])]),
    closing: new Set(closing.flatMap(({ statement }) => weaknessesOf(statement.facts))),
  }
}

/** The attacks that got through although they were to be shut out, in words; empty where there is none. */
export function escaped(results: readonly Result[], { held, closing }: ShutOut): string[] {
  return results.flatMap(({ probe, tries, outcome, detail }) => {
    if (outcome !== 'broken') return []
    const ids = tries.kind === 'weakness' ? tries.ids : []
    const named = ids.length === 0 ? probe : `${probe}, ${ids.join(', ')}`
    const why = ids.some((id) => closing.has(id)) ? 'it was to be closed' : held.has(probe) ? 'it held before' : null
    return why === null ? [] : [`ESCAPED: ${named}; ${why} (${detail})`]
  })
}

/** The advisory of a finding with its other names, or the weaknesses that a probe showed. */
function weaknessesOf(facts: Readonly<Record<string, unknown>>): string[] {
  return [facts.advisory, facts.aliases, facts.weaknesses].flat().flatMap((id) => (typeof id === 'string' ? [id] : []))
}
