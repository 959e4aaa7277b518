import type { Facts, FindingDraft, Seen } from '@upkeep/contract'
import { type Control, controls } from './controls.ts'
import type { Judged } from './judge-liveness.ts'
import type { Rules } from './rules.ts'

type ProbeResult = Facts<'control-probes'>['results'][number]
type Draft = FindingDraft<Rules>
type Found = Judged & { findings: Draft[]; notCovered: string[] }

/** The server as findings speak of it. `exposed`: others than this machine can reach it. */
interface Tried {
  name: string
  exposed: boolean
}

/** What the attempts to get past each control say. A control that was not tried, or whose trial says neither, stays unknown. */
export function judgeControls(probes: Seen<'control-probes'>, server: Tried): Found {
  const judged: Found = { findings: [], passes: [], unknowns: [], notCovered: [] }
  if (probes.state !== 'seen') return { ...judged, unknowns: [`controls: not tried; ${probes.reason}`] }
  const { url, results } = probes.facts
  for (const control of namesOf(controls)) {
    const result = results.find((one) => one.control === control)
    if (result === undefined) judged.unknowns.push(`${control}: not tried`)
    else if (result.outcome === 'held') judged.passes.push(`${control}: ${result.detail}`)
    else if (result.outcome === 'inconclusive') judged.unknowns.push(`${control}: ${result.detail}`)
    else if (result.outcome === 'not-applicable') judged.notCovered.push(`${control}: ${result.detail}`)
    else judged.findings.push(finding(control, result, url, server, results))
  }
  return judged
}

type Named = keyof typeof controls

function namesOf(all: typeof controls): Named[] {
  return Object.keys(all).filter((name): name is Named => name in all)
}

function finding(
  control: Named,
  result: ProbeResult,
  url: string,
  server: Tried,
  results: readonly ProbeResult[],
): Draft {
  const { rule, meaning, remedy } = controls[control]
  return {
    rule,
    facts: { url, detail: result.detail },
    summary: `${server.name} ${meaning}: ${result.detail}`,
    action: `${remedy}; then run upkeep scan`,
    ...severity(control, server.exposed, results),
  }
}

/** An open server that others on the network can reach is worse; and where nothing asks for a credential, any page can use what it may read. */
function severity(control: Control, exposed: boolean, results: readonly ProbeResult[]): Pick<Draft, 'severity'> {
  const open = results.some((one) => one.control === 'authentication' && one.outcome === 'broken')
  if (control === 'authentication' && exposed) return { severity: 'critical' }
  return control === 'cors' && open ? { severity: 'high' } : {}
}
