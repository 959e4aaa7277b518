import type { Facts, FindingDraft, Seen } from '@upkeep/contract'
import type { Judged } from './judge-liveness.ts'
import type { Rules } from './rules.ts'

type ProbeResult = Facts<'control-probes'>['results'][number]
type Control = ProbeResult['control']
type Draft = FindingDraft<Rules>

const controls: readonly Control[] = ['authentication', 'origin', 'host', 'cors']
const ruleOf = {
  authentication: 'unauthenticated-call-answered',
  origin: 'forged-origin-accepted',
  host: 'forged-host-accepted',
  cors: 'wildcard-cors',
} as const satisfies Record<Control, keyof Rules>

const meaning: Record<Control, string> = {
  authentication: 'serves whoever calls',
  origin: 'takes requests from any web page',
  host: 'answers to a name that is not its own',
  cors: 'lets any web page read its answers',
}
const remedy: Record<Control, string> = {
  authentication: 'Turn authentication on, or put a proxy that asks for a token in front of it',
  origin: 'Have requests with a foreign Origin refused with HTTP 403',
  host: 'Have requests with a foreign Host refused',
  cors: 'Take access-control-allow-origin: * out of its answers',
}

/** The server as findings speak of it. `exposed`: others than this machine can reach it. */
interface Tried {
  name: string
  exposed: boolean
}

/** What the attempts to get past each control say. A control that was not tried, or whose trial says neither, stays unknown. */
export function judgeControls(probes: Seen<'control-probes'>, server: Tried): Judged & { findings: Draft[] } {
  if (probes.state !== 'seen') {
    return { findings: [], passes: [], unknowns: [`${controls.join(', ')}: not tried; ${probes.reason}`] }
  }
  const judged: Judged & { findings: Draft[] } = { findings: [], passes: [], unknowns: [] }
  const { url, results } = probes.facts
  for (const control of controls) {
    const result = results.find((one) => one.control === control)
    if (result === undefined) judged.unknowns.push(`${control}: not tried`)
    else if (result.outcome === 'held') judged.passes.push(`${control}: ${result.detail}`)
    else if (result.outcome === 'inconclusive') judged.unknowns.push(`${control}: ${result.detail}`)
    else judged.findings.push(finding(control, result, url, server, results))
  }
  return judged
}

function finding(
  control: Control,
  result: ProbeResult,
  url: string,
  server: Tried,
  results: readonly ProbeResult[],
): Draft {
  return {
    rule: ruleOf[control],
    facts: { url, detail: result.detail },
    summary: `${server.name} ${meaning[control]}: ${result.detail}`,
    action: `${remedy[control]}; then run upkeep scan`,
    ...severity(control, server.exposed, results),
  }
}

/** An open server that others on the network can reach is worse; and where nothing asks for a credential, any page can use what it may read. */
function severity(control: Control, exposed: boolean, results: readonly ProbeResult[]): Pick<Draft, 'severity'> {
  const open = results.some((one) => one.control === 'authentication' && one.outcome === 'broken')
  if (control === 'authentication' && exposed) return { severity: 'critical' }
  return control === 'cors' && open ? { severity: 'high' } : {}
}

/** Whether a URL names this machine to itself. */
export function isLoopbackUrl(url: string): boolean {
  return /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)(?=[:/?]|$)/i.test(url)
}
