import type { Facts, Seen } from '@upkeep/contract'
import { declared, integrations, noHistory, unobserved } from './given.ts'

type Attempt = NonNullable<Facts<'server-tests'>['attempts']>[number]
type Process = Facts<'host-processes'>['processes'][number]

const digest = 'a'.repeat(64)
const at = '2026-11-20T09:00:00.000Z'
export const connect: Attempt = {
  what: 'connect',
  target: '192.0.2.7:443',
  allowed: false,
  during: 'tools/call count_words',
  atMs: 312,
  times: 4,
}

export function tested(attempts: Attempt[] | null): Seen<'server-tests'> {
  const trial = { era: 'initialize' as const, state: 'answered' as const, detail: '', protocolVersion: '2025-11-25' }
  const use = { tools: 14, surface: digest, ended: 'stopped', wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, leftBehind: [] }
  const facts = {
    ...{ command: digest, bytes: digest, at, backend: { id: 'bubblewrap', version: '0.8.0', isolates: ['network'] } },
    ...{ standIns: [], standInsSeen: [], calls: [], attempts, attemptsCut: false, transcript: [], notTested: [] },
    trials: [{ ...trial, ...use, watched: true }],
  }
  return { state: 'seen', facts }
}

function running(over: Partial<Process> = {}, notRead: string[] = []): Seen<'host-processes'> {
  const plain: Process = {
    ...{ pid: 4_711, parent: 1, uid: 1_000, program: 'node', by: 'command-line', startedAt: at, cpuMs: 10 },
    ...{ memoryBytes: 1, threads: 11, openFiles: 20, connections: [] },
  }
  return { state: 'seen', facts: { at, processes: [{ ...plain, ...over }], notRead } }
}

const going = (remote: string): Partial<Process> => ({
  connections: [{ protocol: 'tcp', local: '10.0.0.2:40000', remote }],
})
export const base = { ...unobserved, declared, history: noHistory, integrations: integrations() }
const toVendor = (host: string | null) =>
  integrations({ destinations: [{ vendor: null, title: null, host, by: 'argument', where: 'argument 1' }] })

/** What was seen of where it really goes. */
export const observedRows = [
  {
    name: 'what a running process is connected to is named with its number',
    given: { ...base, processes: running(going('192.0.2.7:443')) },
    expect: {
      verdict: 'fail' as const,
      findings: [
        { rule: 'undeclared-destination' as const, facts: { pid: 4_711 }, summary: 'process 4711 is connected' },
      ],
    },
  },
  {
    name: 'tried in the sandbox and seen on the machine is one finding, of the machine',
    given: { ...base, tests: tested([connect]), processes: running(going('192.0.2.7:443')) },
    expect: {
      verdict: 'fail' as const,
      findings: [{ rule: 'undeclared-destination' as const, facts: { seen: 'machine' } }],
    },
  },
  {
    name: 'it goes where it declares',
    given: {
      ...base,
      integrations: toVendor('192.0.2.7'),
      tests: tested([connect]),
      processes: running(going('192.0.2.7:443')),
    },
    expect: { verdict: 'pass' as const, passes: ['each to what it declares', '1 processes of it run on this machine'] },
  },
  {
    name: 'it declares a name: whether the address is its own is not known',
    given: { ...base, integrations: toVendor('api.example.com'), processes: running(going('192.0.2.7:443')) },
    expect: { verdict: 'unknown' as const, unknowns: ['names are not looked up'] },
  },
  {
    name: 'a process of another user: its connections are not known',
    given: {
      ...base,
      processes: running({ connections: null }, ['connections of process 4711 (user 0): permission denied']),
    },
    expect: { verdict: 'unknown' as const, unknowns: ['connections of process 4711'] },
  },
  {
    name: 'nothing watched its calls, and it does not run: only what it declares was judged',
    given: { ...base, tests: tested(null), processes: running({ connections: null }) },
    expect: { verdict: 'pass' as const, passes: ['platform team answers'] },
  },
]
