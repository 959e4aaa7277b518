import { type AssessInput, type Assessment, defineDuty, type Facts, need, optional } from '@upkeep/contract'
import { z } from 'zod'
import { judgeAges } from './judge-ages.ts'
import { judgeDestinations } from './judge-destinations.ts'
import { judgeLogin } from './judge-login.ts'
import { type Rules, rules } from './rules.ts'

const needs = {
  declared: need('declared-server'),
  integrations: need('integrations'),
  history: optional('credential-history'),
  tests: optional('server-tests'),
  processes: optional('host-processes'),
  login: optional('server-login'),
}
const params = z.object({
  maxCredentialAgeDays: z.int().min(1).max(3_650).default(90).describe('How many days a credential may stay the same'),
  loginEndsWithinDays: z
    .int()
    .min(0)
    .max(365)
    .default(7)
    .describe('From how many days before its end a login that does not refresh itself is a finding'),
  ownerNeeded: z.boolean().default(true).describe('Whether every server must have an owner in upkeep.yaml'),
})
type Input = AssessInput<typeof needs, z.infer<typeof params>>
type Integrations = Facts<'integrations'>
type Said = Pick<Assessment<Rules>, 'findings' | 'passes'>

const notCovered = ['what each credential may do at its vendor']
const declaredOnly =
  'where its connections really go: it was neither run in the sandbox nor seen running on this machine'

export const integrationSecurity = defineDuty({
  id: 'integration-security',
  version: 1,
  heading: 'MCP Server Maintenance',
  title: 'Integration Security',
  summary:
    'Each third party behind a server is known, has an owner here, is reached over TLS, and is opened by a credential of its own that is replaced in time.',
  cadence: 'monthly',
  scope: 'server',
  adoptedBy: ['team', 'enterprise'],
  needs,
  params,
  rules,
  assess(input): Assessment<Rules> {
    const { declared, integrations } = input.seen
    const nothing = { findings: [], unknowns: [], passes: [], notCovered: [declaredOnly, ...notCovered] }
    if (declared.state === 'unavailable') return nothing
    if (declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    if (integrations.state === 'unavailable') return nothing
    if (integrations.state === 'absent') return { ...nothing, unknowns: [integrations.reason] }
    return judge(input, integrations.facts)
  },
  canClear(finding, input) {
    const { declared, integrations } = input.seen
    if (declared.state !== 'seen') return declared.state === 'absent'
    if (integrations.state !== 'seen') return false
    if (finding.rule.startsWith('login-')) return input.seen.login.state !== 'unavailable'
    if (finding.rule === 'undeclared-destination') return wasLookedFor(finding.facts, input)
    if (finding.rule !== 'credential-older-than') return true
    const { where } = finding.facts
    const isThere = integrations.facts.credentials.some((one) => one.where === where)
    const { decided } = judgeAges(integrations.facts, input.seen.history, { at: input.at, ...input.params })
    return !isThere || decided.some((one) => one === where)
  },
})

function judge({ seen, params, at }: Input, facts: Integrations): Assessment<Rules> {
  const ages = judgeAges(facts, seen.history, { at, ...params })
  const said = [judgeSharing(facts), judgeOwner(facts, params.ownerNeeded), judgeTls(facts), judgeOrphan(facts)]
  const where = judgeDestinations(facts, seen)
  const login = judgeLogin(seen.login, { at, ...params })
  return {
    findings: [...said.flatMap((one) => one.findings), ...ages.findings, ...where.findings, ...login.findings],
    unknowns: [...ages.unknowns, ...where.unknowns, ...login.unknowns],
    passes: [...said.flatMap((one) => one.passes), ...ages.passes, ...where.passes, ...login.passes],
    notCovered: wasObserved(seen) ? notCovered : [declaredOnly, ...notCovered],
  }
}

function wasObserved({ tests, processes }: Input['seen']): boolean {
  const watched = tests.state === 'seen' && tests.facts.attempts !== null
  return watched || (processes.state === 'seen' && processes.facts.processes.length > 0)
}

/** What was tried in the sandbox is gone when it was watched again without; what was seen running, when it runs and is not connected. */
function wasLookedFor(facts: Readonly<Record<string, unknown>>, { seen: { tests, processes } }: Input): boolean {
  if (facts.seen === 'sandbox')
    return tests.state === 'seen' && tests.facts.attempts !== null && !tests.facts.attemptsCut
  return processes.state === 'seen' && processes.facts.processes.length > 0 && processes.facts.notRead.length === 0
}

function judgeSharing({ credentials, shared, name }: Integrations): Said {
  if (shared.length === 0) return { findings: [], passes: ['no credential of it stands in another entry'] }
  const findings = shared.map(({ fingerprint, where, others }): Said['findings'][number] => {
    const kind = credentials.find((one) => one.fingerprint === fingerprint)?.kind ?? 'unknown'
    const names = [...new Set(others.map((one) => `${one.name} (${one.client})`))].slice(0, 5).join(', ')
    return {
      rule: 'same-credential-in-several-servers',
      // The same server in several clients of one person has one owner and one purpose.
      ...(others.every((one) => one.name === name) ? { severity: 'low' as const } : {}),
      facts: { fingerprint, where, kind, others },
      summary: `the credential in ${where} (${kind}) also stands in ${others.length} other ${others.length === 1 ? 'entry' : 'entries'}: ${names}`,
      action: 'Issue one credential for each server, with only the rights that it needs.',
    }
  })
  return { findings, passes: [] }
}

function judgeOwner({ owner, destinations, credentials }: Integrations, isNeeded: boolean): Said {
  if (owner !== null) return { findings: [], passes: [`${owner} answers for it, by upkeep.yaml`] }
  if (!isNeeded) return { findings: [], passes: [] }
  const vendors = [...new Set(destinations.flatMap(({ title, host }) => title ?? host ?? []))].sort()
  const behind = vendors.length === 0 ? '' : `; behind it: ${vendors.slice(0, 5).join(', ')}`
  return {
    findings: [
      {
        rule: 'no-owner',
        facts: { vendors, credentials: credentials.length },
        summary: `upkeep.yaml names nobody who answers for it${behind}`,
        action: 'Add it with an owner under servers in upkeep.yaml.',
      },
    ],
    passes: [],
  }
}

function judgeTls({ withoutTls, destinations, credentials }: Integrations): Said {
  const hosts = destinations.filter(({ by }) => by === 'url' || by === 'argument')
  if (withoutTls.length === 0) {
    return { findings: [], passes: hosts.length === 0 ? [] : [`each of ${hosts.length} addresses is reached over TLS`] }
  }
  const seen = new Set<string>()
  const once = withoutTls.filter(({ host }) => !seen.has(host) && seen.add(host) !== undefined)
  const carried = credentials.map(({ where }) => where)
  const findings = once.map(({ host, where }): Said['findings'][number] => ({
    rule: 'remote-without-tls',
    facts: { host, where, credentials: carried },
    summary: `${host} is reached without TLS${carried.length === 0 ? '' : `, with ${carried.length} credentials`} (${where})`,
    action: 'Use the https address of the server, or a tunnel to it.',
  }))
  return { findings, passes: [] }
}

function judgeOrphan({ disabled, credentials }: Integrations): Said {
  const kept = credentials.filter(({ stands }) => stands === 'plain')
  if (!disabled || kept.length === 0) return { findings: [], passes: [] }
  return {
    findings: [
      {
        rule: 'orphaned-credential',
        facts: { credentials: kept.map(({ where, kind, vendor }) => ({ where, kind, vendor })) },
        summary: `the entry is disabled and still holds ${kept.length} ${kept.length === 1 ? 'credential' : 'credentials'} in plain text`,
        action: 'Revoke what is no longer used, then remove the entry.',
      },
    ],
    passes: [],
  }
}
