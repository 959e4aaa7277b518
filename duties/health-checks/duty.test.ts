import type { Facts, Seen } from '@upkeep/contract'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { healthChecks } from './duty.ts'

const url = 'http://127.0.0.1:3001/mcp'
const server: Facts<'declared-server'> = {
  ...plainServer,
  client: 'cursor',
  path: '/home/ada/.cursor/mcp.json',
  transport: 'http',
  url,
  launch: { via: 'remote' },
}
const live: Facts<'endpoint'> = {
  url,
  reachable: true,
  httpStatus: 200,
  eras: [{ era: 'initialize', outcome: 'answered', protocolVersion: '2025-11-25', detail: 'over streamable HTTP' }],
  why: '',
  tls: null,
  authentication: { required: false, scheme: null, resourceMetadata: null },
  latencyMs: { connect: 5, list: 2 },
}
type Result = Facts<'control-probes'>['results'][number]
type Outcomes = Partial<Record<Result['control'], Result['outcome']>>

const declared = (over: Partial<typeof server> = {}): Seen<'declared-server'> => seen({ ...server, ...over })
const endpoint = (over: Partial<typeof live> = {}): Seen<'endpoint'> => seen({ ...live, ...over })
const listener = (...at: [string, boolean][]): Seen<'listener'> =>
  seen({ port: 3001, addresses: at.map(([address, loopback]) => ({ address, loopback, uid: 1000 })) })
const tried: readonly Result['control'][] = ['authentication', 'origin', 'host', 'cors']
const behindOthers: readonly Result['control'][] = ['tls', 'audience', 'session', 'error-leakage', 'input-size']
const onlyIfNamed: readonly Result['control'][] = ['token-pass-through', 'allow-list', 'log-delivery', 'rate-limit']
const allHeld: Outcomes = Object.fromEntries([...tried, ...behindOthers].map((control) => [control, 'held']))
for (const control of onlyIfNamed) allHeld[control] = 'not-applicable'
const probes = (outcomes: Outcomes = {}, at = url): Seen<'control-probes'> =>
  seen({
    url: at,
    results: Object.entries({ ...allHeld, ...outcomes }).map(([control, outcome]) => ({
      probe: control,
      version: 1,
      control: healthControl(control),
      outcome,
      detail: `${control} was ${outcome}`,
      attempts: 1,
      transcript: [],
    })),
  })

function seen<T>(facts: T): { state: 'seen'; facts: T } {
  return { state: 'seen', facts }
}
function healthControl(text: string): Result['control'] {
  const control = [...tried, ...behindOthers, ...onlyIfNamed, 'bind' as const].find((one) => one === text)
  if (control === undefined) throw new Error(`${text} is no control`)
  return control
}
const trusted: NonNullable<typeof live.tls> = {
  protocol: 'TLSv1.3',
  authorized: true,
  problem: null,
  issuer: 'a CA',
  validFrom: null,
  validTo: null,
  fingerprint256: null,
}
const refused = (code: 'unreachable' | 'not-consented' | 'permission-denied' | 'timed-out', reason: string) =>
  ({ state: 'unavailable', code, reason }) as const
const sound = { declared: declared(), endpoint: endpoint(), listener: listener(['127.0.0.1', true]), probes: probes() }
const elsewhere = { state: 'absent', reason: 'it listens on another machine' } as const

dutyCases(healthChecks, [
  {
    name: 'passes a server whose controls all held',
    given: sound,
    expect: { verdict: 'pass', passes: ['liveness: it answers MCP 2025-11-25', 'origin was held', 'loopback only'] },
  },
  {
    name: 'names exactly what is open on a bare server',
    given: {
      ...sound,
      listener: listener(['::', false]),
      probes: probes({ authentication: 'broken', origin: 'broken', host: 'broken', cors: 'broken' }),
    },
    expect: {
      verdict: 'fail',
      findings: [
        { rule: 'bound-beyond-loopback', facts: { port: 3001, addresses: ['::'] }, summary: 'listens on ::' },
        { rule: 'unauthenticated-call-answered', summary: 'serves whoever calls', action: 'authentication' },
        'forged-origin-accepted',
        'forged-host-accepted',
        'wildcard-cors',
      ],
      passes: ['liveness'],
    },
  },
  ...[...tried, ...behindOthers, ...onlyIfNamed].map((control) => ({
    name: `an inconclusive trial of ${control} is unknown`,
    given: { ...sound, probes: probes({ [control]: 'inconclusive' }) },
    expect: { verdict: 'unknown' as const, unknowns: [`${control} was inconclusive`] },
  })),
  {
    name: 'unreachable is unknown, not pass and not fail',
    given: {
      ...sound,
      endpoint: refused('unreachable', 'nothing accepts connections there (ECONNREFUSED)'),
      listener: listener(),
      probes: probes({
        authentication: 'inconclusive',
        origin: 'inconclusive',
        host: 'inconclusive',
        cors: 'inconclusive',
      }),
    },
    expect: { verdict: 'unknown', unknowns: ['liveness: nothing accepts', 'nothing on this machine listens'] },
  },
  {
    name: 'a server that was not consented to is unknown, and says how to consent',
    given: {
      ...sound,
      endpoint: refused('not-consented', 'not connected to: list it under probe in upkeep.yaml'),
      probes: refused('not-consented', 'it is not listed under probe in upkeep.yaml'),
    },
    expect: { verdict: 'unknown', unknowns: ['liveness: not connected to: list it', 'not tried; it is not listed'] },
  },
  {
    name: 'a listener that cannot be read is unknown',
    given: { ...sound, listener: refused('permission-denied', '/proc/net/tcp: not allowed') },
    expect: { verdict: 'unknown', unknowns: ['bind: /proc/net/tcp'] },
  },
  {
    name: 'the bind of a remote server is not looked at',
    given: { ...sound, declared: declared({ url: 'https://mcp.example.com/mcp' }), listener: elsewhere },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a server whose address is not loopback may listen to the network',
    given: {
      ...sound,
      declared: declared({ url: 'http://ada.local:3001/mcp' }),
      listener: listener(['0.0.0.0', false]),
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a finding stands beside what could not be judged',
    given: { ...sound, endpoint: refused('timed-out', 'no answer'), probes: probes({ host: 'broken' }) },
    expect: { verdict: 'fail', findings: ['forged-host-accepted'], unknowns: ['liveness: no answer'] },
  },
  {
    name: 'a server that asks for authentication is alive',
    given: {
      ...sound,
      endpoint: endpoint({
        eras: [{ era: 'initialize', outcome: 'refused', protocolVersion: null, detail: 'HTTP 401' }],
        authentication: { required: true, scheme: 'Bearer', resourceMetadata: null },
      }),
    },
    expect: { verdict: 'pass', passes: ['asks for authentication'] },
  },
  {
    name: 'an answer that is no MCP is unknown, whatever the probes say',
    given: { ...sound, endpoint: endpoint({ eras: [], why: 'HTTP 500' }) },
    expect: { verdict: 'unknown', unknowns: ['liveness: no usable answer (HTTP 500)'] },
  },
  {
    name: 'a certificate that does not hold is unknown',
    given: { ...sound, endpoint: endpoint({ tls: noTrust() }) },
    expect: { verdict: 'unknown', unknowns: ['certificate does not hold (CERT_HAS_EXPIRED)'] },
  },
  ...(
    [
      ['tls', 'traffic-unprotected', 'on the way'],
      ['audience', 'foreign-token-accepted', 'tokens that are not for it'],
      ['token-pass-through', 'token-passed-on', 'tokens of its clients'],
      ['session', 'session-weak', 'sessions that others can use'],
      ['error-leakage', 'error-tells-much', 'about its inside'],
      ['input-size', 'oversized-input-accepted', 'any size'],
      ['allow-list', 'denied-call-served', 'must be denied'],
      ['log-delivery', 'denial-not-logged', 'without a trace'],
      ['rate-limit', 'no-rate-limit', 'slows nobody down'],
    ] as const
  ).map(([control, rule, summary]) => ({
    name: `${control} that is broken is found, and nothing besides`,
    given: { ...sound, probes: probes({ [control]: 'broken' }) },
    expect: { verdict: 'fail' as const, findings: [{ rule, summary, facts: { url } }], passes: ['liveness'] },
  })),
  {
    name: 'the denial that is not received fails while liveness passes',
    given: { ...sound, probes: probes({ 'allow-list': 'held', 'log-delivery': 'broken' }) },
    expect: {
      verdict: 'fail',
      findings: ['denial-not-logged'],
      passes: ['liveness: it answers', 'allow-list was held'],
    },
  },
  {
    name: 'a port that answers at another address is found without a list of sockets',
    given: {
      ...sound,
      listener: { state: 'unavailable', code: 'not-supported', reason: 'sockets are read on Linux only' },
      probes: probes({ bind: 'broken' }),
    },
    expect: { verdict: 'fail', findings: [{ rule: 'bound-beyond-loopback', facts: { port: 3001, addresses: [] } }] },
  },
  {
    name: 'having tried makes up for sockets that cannot be listed',
    given: {
      ...sound,
      listener: { state: 'unavailable', code: 'not-supported', reason: 'sockets are read on Linux only' },
      probes: probes({ bind: 'held' }),
    },
    expect: { verdict: 'pass', passes: ['bind was held'] },
  },
  {
    name: 'a certificate that ends within its days is named',
    given: { ...sound, endpoint: endpoint({ tls: { ...trusted, validTo: '2026-12-12T09:00:00.000Z' } }) },
    expect: { verdict: 'fail', findings: [{ rule: 'certificate-ends', summary: 'ends on 2026-12-12, in 20 days' }] },
  },
  {
    name: 'a certificate that holds for long is shown',
    given: { ...sound, endpoint: endpoint({ tls: { ...trusted, validTo: '2026-12-13T09:00:00.000Z' } }) },
    expect: { verdict: 'pass', passes: ['it holds until 2026-12-13, 21 days'] },
  },
  {
    name: 'a control that was not tried is unknown',
    given: { ...sound, probes: seen({ url, results: [] }) },
    expect: { verdict: 'unknown', unknowns: ['authentication: not tried', 'cors: not tried'] },
  },
  {
    name: 'stdio has no endpoint',
    given: {
      declared: declared({ transport: 'stdio', url: null }),
      endpoint: { state: 'absent', reason: 'stdio' },
      listener: { state: 'absent', reason: 'stdio' },
      probes: { state: 'absent', reason: 'stdio' },
    },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'an address that cannot be read is unknown',
    given: { ...sound, declared: declared({ url: null }) },
    expect: { verdict: 'unknown', unknowns: ['no address'] },
  },
  {
    name: 'a server that could not be read at all is unknown',
    given: { ...sound, declared: refused('permission-denied', 'the file cannot be read') },
    expect: { verdict: 'unknown', unknowns: ['the file cannot be read'] },
  },
  {
    name: 'a server that is gone has nothing to try',
    given: { ...sound, declared: { state: 'absent', reason: 'gone' } },
    expect: { verdict: 'not-applicable' },
  },
])

function noTrust(): NonNullable<Facts<'endpoint'>['tls']> {
  return {
    protocol: 'TLSv1.3',
    authorized: false,
    problem: 'CERT_HAS_EXPIRED',
    issuer: null,
    validFrom: null,
    validTo: null,
    fingerprint256: null,
  }
}
