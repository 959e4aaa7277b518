import type { Facts, Seen } from '@upkeep/contract'
import { plainServer } from '@upkeep/contract/testing/plain-server'

type Tests = Facts<'server-tests'>
type Trial = Tests['trials'][number]

export const declared: Seen<'declared-server'> = { state: 'seen', facts: plainServer }
export const noProbes: Seen<'server-probes'> = { state: 'absent', reason: 'no probe is for it yet' }
const digest = (letter: string) => letter.repeat(64)

export function trial(over: Partial<Trial> = {}): Trial {
  return {
    era: 'initialize',
    watched: false,
    state: 'answered',
    detail: '',
    protocolVersion: '2025-11-25',
    tools: 14,
    surface: digest('a'),
    ended: 'stopped',
    wallMs: 400,
    cpuMs: 210,
    peakMemoryBytes: 50 << 20,
    leftBehind: [],
    ...over,
  }
}

export const silent = { state: 'refused' as const, detail: 'it ended with 1', tools: null, surface: null }
export const bothEras = [
  trial({ watched: true, cpuMs: 9_000 }),
  trial(),
  trial({ era: 'discover', ...silent, detail: 'method not found' }),
  trial({ era: 'discover', ...silent, detail: 'method not found' }),
]

export function tests(over: Partial<Tests> = {}): Seen<'server-tests'> {
  const facts: Tests = {
    command: digest('c'),
    bytes: digest('b'),
    at: '2026-11-20T09:00:00.000Z',
    backend: { id: 'bubblewrap', version: '0.8.0', isolates: ['network'] },
    standIns: [],
    standInsSeen: [],
    trials: bothEras,
    calls: [],
    attempts: [],
    attemptsCut: false,
    transcript: [],
    notTested: [],
    ...over,
  }
  return { state: 'seen', facts }
}

export function call(over: Partial<Tests['calls'][number]> = {}): Tests['calls'][number] {
  return { id: 'echo', tool: 'echo', recorded: true, state: 'same', kind: null, was: 'text', is: 'text', ...over }
}

export function probed(outcome: 'held' | 'broken' | 'inconclusive'): Seen<'server-probes'> {
  const backend = { id: 'bubblewrap', version: '0.8.0', isolates: ['network'] }
  const tries = { kind: 'weakness' as const, ids: ['CVE-2025-53110'] }
  const result = {
    probe: 'prefix',
    version: 1,
    title: 'Prefix sibling',
    tries,
    outcome,
    detail: 'read the canary',
    attempts: 2,
    transcript: [],
  }
  const head = { command: digest('c'), bytes: digest('b'), at: '2026-11-20T09:00:00.000Z', backend, standIns: [] }
  return { state: 'seen', facts: { ...head, results: [result] } }
}

export const connecting = {
  what: 'connect' as const,
  target: '192.0.2.7:443',
  allowed: false,
  during: 'tools/call count_words',
  atMs: 300,
  times: 2,
}
