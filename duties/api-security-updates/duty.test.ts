import type { Facts, Seen } from '@upkeep/contract'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { expect, test } from 'vitest'
import { apiSecurityUpdates } from './duty.ts'

const url = 'https://mcp.example.com/mcp'
type Requirement = Facts<'requirement-set'>['requirements'][number]
type Era = Requirement['eras'][number]
type Issuer = Facts<'api-metadata'>['issuers'][number]

function asks(id: string, check: Requirement['check'], over: Partial<Requirement> = {}): Requirement {
  const eras: Era[] = ['initialize', 'discover']
  const rest = { title: `${id} is so`, cites: `RFC of ${id}`, severity: 'high' as const, remedy: `Mend ${id}` }
  return { id, level: 'MUST', eras, check, ...rest, ...over }
}
const removal = 'the first revision on or after 2027-07-28'
const later = { since: '2026-07-28', removableFrom: '2027-07-28', removal }
const registration = { feature: 'dynamic client registration', ...later }
const logging = { feature: 'logging', ...later }
const sse = { feature: 'HTTP+SSE', since: '2025-03-26', removableFrom: null, removal: 'once a proposal is final' }
const all = [
  asks('origin', { control: 'origin' }),
  asks('audience', { control: 'audience' }, { severity: 'critical' }),
  asks('sessions', { control: 'session' }, { eras: ['initialize'] }),
  asks('resource-metadata', { fact: 'resource-metadata' }),
  asks('resource-equals', { fact: 'resource-equals' }),
  asks('issuer-metadata', { fact: 'issuer-metadata' }),
  asks('issuer-equals', { fact: 'issuer-equals' }),
  asks('pkce-s256', { fact: 'pkce-s256' }),
  asks('no-sse', { fact: 'no-sse' }, { level: 'SHOULD', severity: 'medium', clock: sse }),
  asks(
    'client-id-documents',
    { fact: 'client-id-documents' },
    { level: 'SHOULD', severity: 'low', clock: registration },
  ),
  asks('no-logging', { fact: 'no-logging' }, { level: 'SHOULD', severity: 'low', eras: ['discover'], clock: logging }),
]
const seen = <T>(facts: T): { state: 'seen'; facts: T } => ({ state: 'seen', facts })
const declared = (over: Partial<Facts<'declared-server'>> = {}): Seen<'declared-server'> =>
  seen({ ...plainServer, transport: 'http', url, launch: { via: 'remote' }, ...over })
const notSeen = [{ feature: 'roots', ...later }]
const requirements = seen({ id: 'x', version: 1, date: '2026-11-27', requirements: all, notSeen })
const surface = (capabilities: string[]): Seen<'tool-surface'> =>
  seen({
    ...{ transport: 'streamable-http', era: 'discover', protocolVersion: '2026-07-28', serverInfo: null },
    ...{ instructions: null, capabilities, tools: [], prompts: null, resources: null, templates: null },
    ...{ timesListed: 1, toolsLater: null, why: '', truncated: false },
  })
const endpoint = (eras: Era[], detail = 'over streamable HTTP'): Seen<'endpoint'> =>
  seen({
    url,
    reachable: true,
    httpStatus: 200,
    eras: eras.map((era) => ({ era, outcome: 'answered', protocolVersion: null, detail })),
    why: '',
    tls: null,
    authentication: { required: true, scheme: 'Bearer', resourceMetadata: null },
    latencyMs: { connect: 1, list: 1 },
  })
type Result = Facts<'control-probes'>['results'][number]
const probes = (over: Partial<Record<Result['control'], Result['outcome']>> = {}): Seen<'control-probes'> => {
  const outcomes = { origin: 'held', audience: 'held', session: 'held', ...over } as const
  const controls = ['origin', 'audience', 'session'] as const
  return seen({
    url,
    results: controls.map((control) => ({
      probe: control,
      version: 1,
      control,
      outcome: outcomes[control],
      detail: `${control} was ${outcomes[control]}`,
      attempts: 1,
      transcript: [],
    })),
  })
}
const issuer: Issuer = {
  issuer: 'https://login.example.com',
  why: '',
  state: 'read',
  issuerEquals: true,
  endpointsHttps: true,
  pkceMethods: ['S256'],
  issParameter: true,
  clientIdDocuments: true,
  registrationEndpoint: false,
}
const metadata = (over: Partial<Facts<'api-metadata'>> = {}, ofIssuer: Partial<Issuer> = {}): Seen<'api-metadata'> =>
  seen({
    url,
    status: 401,
    pointer: true,
    resource: { equals: true, authorizationServers: [issuer.issuer] },
    issuers: [{ ...issuer, ...ofIssuer }],
    ...over,
  })
const sound = {
  declared: declared(),
  requirements,
  endpoint: endpoint(['initialize']),
  probes: probes(),
  metadata: metadata(),
  surface: surface(['tools']),
}
const must = (requirement: string) => ({ rule: 'must-not-met' as const, facts: { url, requirement } })

dutyCases(apiSecurityUpdates, [
  {
    name: 'passes a server that meets everything',
    given: sound,
    expect: { verdict: 'pass', passes: ['origin (MUST)', 'pkce-s256'] },
  },
  {
    name: 'a check of Origin that is gone is one finding, and nothing besides',
    given: { ...sound, probes: probes({ origin: 'broken' }) },
    expect: { verdict: 'fail', findings: [{ ...must('origin'), summary: 'RFC of origin', action: 'Mend origin' }] },
  },
  {
    name: 'a token for another server that is accepted is critical',
    given: { ...sound, probes: probes({ audience: 'broken' }) },
    expect: { verdict: 'fail', findings: [must('audience')] },
  },
  {
    name: 'a server of 2026-07-28 is not failed for lacking sessions',
    given: { ...sound, endpoint: endpoint(['discover']), probes: probes({ session: 'broken' }) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'the same sessions fail a server of the handshake era',
    given: { ...sound, probes: probes({ session: 'broken' }) },
    expect: { verdict: 'fail', findings: [must('sessions')] },
  },
  {
    name: 'the older transport is named',
    given: { ...sound, endpoint: endpoint(['initialize'], 'over the older HTTP+SSE transport') },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'should-not-met',
          facts: { url, requirement: 'no-sse', removableFrom: null },
          summary: 'HTTP+SSE, deprecated since 2025-03-26, to be removed once a proposal is final',
        },
      ],
    },
  },
  {
    name: 'an authorization server that registers dynamically alone: how many days remain',
    given: { ...sound, metadata: metadata({}, { clientIdDocuments: false, registrationEndpoint: true }) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'should-not-met',
          facts: { requirement: 'client-id-documents', removableFrom: '2027-07-28' },
          summary: 'may be gone from 2027-07-28 on: 248 days left',
        },
      ],
    },
  },
  {
    name: 'a month before the day',
    at: '2027-06-28T09:00:00.000Z',
    given: { ...sound, metadata: metadata({}, { clientIdDocuments: false, registrationEndpoint: true }) },
    expect: { verdict: 'fail', findings: [{ rule: 'should-not-met', summary: '30 days left' }] },
  },
  {
    name: 'one that registers nobody by itself has no clock',
    given: { ...sound, metadata: metadata({}, { clientIdDocuments: false }) },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'should-not-met', summary: 'Client ID Metadata Documents (SHOULD' }],
    },
  },
  {
    name: 'one that takes documents and registers dynamically beside is quiet',
    given: { ...sound, metadata: metadata({}, { registrationEndpoint: true }) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'logging in the era that deprecated it',
    given: { ...sound, endpoint: endpoint(['discover']), surface: surface(['logging', 'tools']) },
    expect: {
      verdict: 'fail',
      findings: [{ rule: 'should-not-met', facts: { requirement: 'no-logging' }, summary: '248 days left' }],
    },
  },
  {
    name: 'logging in the handshake era is as it should be, and whether roots are asked for is said not to be seen',
    given: { ...sound, surface: surface(['logging', 'tools']) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'metadata about another server, and an authorization server without PKCE under another name',
    given: {
      ...sound,
      metadata: metadata(
        { resource: { equals: false, authorizationServers: [issuer.issuer] } },
        { issuerEquals: false, pkceMethods: ['plain'] },
      ),
    },
    expect: { verdict: 'fail', findings: [must('resource-equals'), must('issuer-equals'), must('pkce-s256')] },
  },
  {
    name: 'a server that asks for a token and publishes nothing',
    given: { ...sound, metadata: metadata({ pointer: false, resource: null, issuers: [] }) },
    expect: {
      verdict: 'fail',
      findings: [must('resource-metadata')],
      unknowns: ['no resource metadata to read it from'],
    },
  },
  {
    name: 'a server that asks for no token is not asked for metadata of tokens',
    given: { ...sound, metadata: metadata({ status: 200, pointer: false, resource: null, issuers: [] }) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'an authorization server that was not read is unknown',
    given: { ...sound, metadata: metadata({}, { state: 'not-read', why: 'not listed under "issuers"' }) },
    expect: {
      verdict: 'unknown',
      unknowns: [
        'issuer-metadata, issuer-equals, pkce-s256, client-id-documents: https://login.example.com: not listed',
      ],
    },
  },
  {
    name: 'an authorization server that publishes nothing',
    given: { ...sound, metadata: metadata({}, { state: 'missing', why: 'it publishes no metadata' }) },
    expect: { verdict: 'fail', findings: [must('issuer-metadata')] },
  },
  {
    name: 'what was not tried is unknown: a vendor is read and never tried',
    given: { ...sound, probes: { state: 'unavailable', code: 'not-consented', reason: 'it belongs to a vendor' } },
    expect: {
      verdict: 'unknown',
      unknowns: ['origin, audience, sessions: it belongs to a vendor'],
      passes: ['pkce-s256'],
    },
  },
  {
    name: 'stdio has no API',
    given: { ...sound, declared: declared({ transport: 'stdio', url: null }) },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'without requirements nothing is known',
    given: { ...sound, requirements: { state: 'unavailable', code: 'malformed', reason: 'it is no set' } },
    expect: { verdict: 'unknown', unknowns: ['it is no set'] },
  },
])

test.each([
  ['2026-11-22T09:00:00.000Z', 'low'],
  ['2027-06-28T09:00:00.000Z', 'medium'],
])('what is deprecated weighs more when its day is near: on %s', (at, severity) => {
  const registers = metadata({}, { clientIdDocuments: false, registrationEndpoint: true })
  const { findings } = apiSecurityUpdates.assess({
    subject: { kind: 'server', id: 'server:x', name: 'crm' },
    seen: { ...sound, metadata: registers },
    params: {},
    at,
  })
  expect(findings).toMatchObject([{ rule: 'should-not-met', severity }])
})
