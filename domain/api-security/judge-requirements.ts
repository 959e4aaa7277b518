import type { Seen } from '@upkeep/contract/observation'
import type { ApiMetadata, IssuerMetadata } from '@upkeep/contract/observations/api-metadata'
import type { Requirement } from '@upkeep/contract/observations/requirement-set'

type Fact = Extract<Requirement['check'], { fact: string }>['fact']

/** What a server comes to by one requirement. `undetermined`: it could not be seen, and the detail says why. */
export interface Judgement {
  outcome: 'met' | 'not-met' | 'not-applicable' | 'undetermined'
  detail: string
  /** It is not met because what its clock counts is in use. */
  clockRuns?: true
}
/** One line of the sheet of a server. */
export interface SheetLine extends Judgement {
  requirement: Requirement
}
/** All that a sheet is drawn from. */
export interface SheetInput {
  endpoint: Seen<'endpoint'>
  probes: Seen<'control-probes'>
  metadata: Seen<'api-metadata'>
  surface: Seen<'tool-surface'>
}

/** A server against each requirement, by the eras that it speaks. */
export function sheetOf(requirements: readonly Requirement[], input: SheetInput): SheetLine[] {
  return requirements.map((requirement) => ({ requirement, ...judge(requirement, input) }))
}

function judge({ check, eras }: Requirement, input: SheetInput): Judgement {
  const spoken = erasOf(input.endpoint)
  if (spoken !== null && !eras.some((era) => spoken.includes(era))) {
    return { outcome: 'not-applicable', detail: `it does not speak the era that asks for it (${eras.join(', ')})` }
  }
  return 'control' in check ? byControl(check.control, input.probes) : byFact(check.fact, input)
}

/** Null where it is not known: then it is judged by every era. */
function erasOf(endpoint: Seen<'endpoint'>): string[] | null {
  if (endpoint.state !== 'seen') return null
  const spoken = endpoint.facts.eras.filter(({ outcome }) => outcome === 'answered').map(({ era }) => era)
  return spoken.length === 0 ? null : spoken
}

const outcomes = {
  held: 'met',
  broken: 'not-met',
  inconclusive: 'undetermined',
  'not-applicable': 'not-applicable',
} as const

function byControl(control: string, probes: Seen<'control-probes'>): Judgement {
  if (probes.state !== 'seen') return { outcome: 'undetermined', detail: probes.reason }
  const result = probes.facts.results.find((one) => one.control === control)
  if (result === undefined) return { outcome: 'undetermined', detail: 'it was not tried' }
  return { outcome: outcomes[result.outcome], detail: result.detail }
}

function byFact(fact: Fact, { endpoint, metadata, surface }: SheetInput): Judgement {
  if (fact === 'no-sse') return withoutSse(endpoint)
  if (fact === 'no-logging') return withoutLogging(surface)
  if (metadata.state !== 'seen') return { outcome: 'undetermined', detail: metadata.reason }
  const { facts } = metadata
  if (facts.status !== 401 && facts.resource === null) {
    return { outcome: 'not-applicable', detail: `it asks for no token (HTTP ${facts.status})` }
  }
  return ofResource(fact, facts) ?? ofIssuers(fact, facts.issuers)
}

function withoutSse(endpoint: Seen<'endpoint'>): Judgement {
  if (endpoint.state !== 'seen') return { outcome: 'undetermined', detail: endpoint.reason }
  const answered = endpoint.facts.eras.filter(({ outcome }) => outcome === 'answered')
  if (answered.length === 0)
    return { outcome: 'undetermined', detail: `it could not be listed (${endpoint.facts.why})` }
  const old = answered.find(({ detail }) => detail.includes('HTTP+SSE'))
  return old === undefined
    ? { outcome: 'met', detail: answered.map(({ era, detail }) => `${era} ${detail}`).join('; ') }
    : { outcome: 'not-met', detail: `it is spoken to ${old.detail}`, clockRuns: true }
}

function withoutLogging(surface: Seen<'tool-surface'>): Judgement {
  if (surface.state !== 'seen') return { outcome: 'undetermined', detail: surface.reason }
  return surface.facts.capabilities.includes('logging')
    ? { outcome: 'not-met', detail: 'it says that it can log', clockRuns: true }
    : met('it does not offer it')
}

function ofResource(fact: Fact, { pointer, resource }: ApiMetadata): Judgement | null {
  if (fact === 'resource-metadata') {
    if (resource !== null) return met(pointer ? 'the challenge points to it' : 'it lies at its well-known address')
    return notMet(
      pointer ? 'the challenge points to a document that is not there' : 'there is none, and no pointer to one',
    )
  }
  if (resource === null) return { outcome: 'undetermined', detail: 'there is no resource metadata to read it from' }
  if (fact === 'resource-equals') {
    return resource.equals ? met('resource is the address of the server') : notMet('resource is another address')
  }
  if (fact === 'authorization-servers') {
    const { length } = resource.authorizationServers
    return length > 0 ? met(`${length} named`) : notMet('none is named')
  }
  return null
}

/** In words, what is asked of the metadata of an authorization server, and what is wrong where it is not so. */
const asked: Partial<Record<Fact, { holds(issuer: IssuerMetadata): boolean; wrong: string }>> = {
  'issuer-equals': { holds: (one) => one.issuerEquals, wrong: 'states another issuer than the one it was found by' },
  'endpoints-https': { holds: (one) => one.endpointsHttps, wrong: 'has an endpoint that is not https' },
  'pkce-s256': { holds: (one) => one.pkceMethods.includes('S256'), wrong: 'does not state PKCE with S256' },
  'iss-parameter': { holds: (one) => one.issParameter, wrong: 'does not state that it sends iss' },
  'client-id-documents': {
    holds: (one) => one.clientIdDocuments,
    wrong: 'does not state that it takes Client ID Metadata Documents',
  },
}

function ofIssuers(fact: Fact, issuers: readonly IssuerMetadata[]): Judgement {
  const unread = issuers.find(({ state }) => state === 'not-read')
  if (unread !== undefined) return { outcome: 'undetermined', detail: `${unread.issuer}: ${unread.why}` }
  if (issuers.length === 0) return { outcome: 'undetermined', detail: 'no authorization server is named' }
  const missing = issuers.find(({ state }) => state === 'missing')
  if (fact === 'issuer-metadata') {
    return missing === undefined ? met('published') : notMet(`${missing.issuer}: ${missing.why}`)
  }
  if (missing !== undefined) return { outcome: 'undetermined', detail: `${missing.issuer}: ${missing.why}` }
  const question = asked[fact]
  if (question === undefined) return { outcome: 'undetermined', detail: 'this product does not know how to look' }
  const wrong = issuers.find((one) => !question.holds(one))
  if (wrong === undefined) return met('stated in its metadata')
  const registers = fact === 'client-id-documents' && wrong.registrationEndpoint
  return { ...notMet(`${wrong.issuer} ${question.wrong}`), ...(registers ? { clockRuns: true as const } : {}) }
}

function met(detail: string): Judgement {
  return { outcome: 'met', detail }
}

function notMet(detail: string): Judgement {
  return { outcome: 'not-met', detail }
}
