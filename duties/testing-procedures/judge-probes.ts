import type { Assessment, Seen } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import type { Rules } from './rules.ts'

/** What came of the probes that apply to these bytes. That none applies says nothing for or against them. */
export function judgeProbes(
  probes: Seen<'server-probes'>,
): Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'> {
  if (probes.state === 'absent') return { findings: [], unknowns: [], passes: [] }
  if (probes.state === 'unavailable') return { findings: [], unknowns: [`probes: ${probes.reason}`], passes: [] }
  // Attacks on controls are the business of the review of controls.
  const results = probes.facts.results.filter(({ tries }) => tries.kind === 'weakness')
  const broken = results.filter(({ outcome }) => outcome === 'broken')
  const held = results.filter(({ outcome }) => outcome === 'held')
  return {
    findings: broken.map(({ probe, title, detail }) => ({
      rule: 'attack-works' as const,
      facts: { probe, detail },
      summary: `${title}: ${printable(detail, { maxLength: 160 })}`,
      action: 'Do not put these bytes into use; take a version on which the probe is blocked, then run "upkeep prove".',
    })),
    unknowns: results
      .filter(({ outcome }) => outcome === 'inconclusive')
      .map(({ title, detail }) => `${title}: not shown either way (${printable(detail, { maxLength: 160 })})`),
    passes: held.length === 0 ? [] : [`${held.length} attacks were tried on these bytes and did not work`],
  }
}
