import { type AnyDuty, defineDuty, fileSubject, need, type Observation, rule, serverSubject } from '@upkeep/contract'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { indexObservations } from '../kernel/observation-index.ts'
import { assessRun } from './assess-run.ts'

const at = '2026-11-22T09:00:00.000Z'
const path = '/home/ada/.cursor/mcp.json'
const subject = serverSubject('cursor', path, 'fs')

function listening(addresses: string[]): Observation {
  return {
    kind: 'listener',
    subject,
    state: 'seen',
    facts: { port: 3001, addresses: addresses.map((address) => ({ address, loopback: false, uid: 0 })) },
  }
}

/** A real duty, small enough to read here. */
const openPort: AnyDuty = defineDuty({
  id: 'open-port',
  version: 1,
  heading: 'Test',
  title: 'Open port',
  summary: '',
  cadence: 'daily',
  scope: 'server',
  adoptedBy: [],
  needs: { listener: need('listener') },
  params: z.object({}),
  rules: {
    open: rule({
      version: 1,
      title: 'Open',
      severity: 'high',
      help: 'Close it.',
      facts: z.object({ port: z.int(), address: z.string() }),
      identity: ['port'],
    }),
  },
  assess({ seen }) {
    if (seen.listener.state !== 'seen') return { findings: [], unknowns: [], passes: [] }
    const { port, addresses } = seen.listener.facts
    if (port === 13) throw new TypeError('secret text')
    const findings = addresses.map(({ address }) => ({
      rule: 'open' as const,
      facts: { port, address },
      summary: address,
      action: 'Close it.',
    }))
    return { findings, unknowns: [], passes: findings.length === 0 ? ['nothing listens'] : [] }
  },
})

const declared: Observation = {
  kind: 'declared-server',
  subject,
  state: 'unavailable',
  code: 'malformed',
  reason: 'for the subject only',
}

function run(observations: Observation[]) {
  return assessRun(openPort, indexObservations(observations), {}, at)
}

test('a finding fails, and its fingerprint rests on identity alone', () => {
  const one = run([declared, listening(['0.0.0.0'])])
  const other = run([declared, listening(['::'])])
  expect(one.verdicts[0]).toMatchObject({ verdict: 'fail', subject })
  expect(one.stated[0]?.fingerprint).toBe(other.stated[0]?.fingerprint)
  expect(one.stated[0]?.summary).not.toBe(other.stated[0]?.summary)
})

test('what was shown to be right passes', () => {
  expect(run([declared, listening([])]).verdicts[0]).toMatchObject({ verdict: 'pass', passes: ['nothing listens'] })
})

test('what nobody reported is unknown, not green', () => {
  expect(run([declared]).verdicts[0]?.verdict).not.toBe('pass')
})

test('a duty that throws leaves its subject unknown and says nothing of the message', () => {
  const broken: Observation = { kind: 'listener', subject, state: 'seen', facts: { port: 13, addresses: [] } }
  const result = run([declared, broken])
  expect(result.defects).toEqual(['TypeError'])
  expect(result.verdicts[0]?.verdict).toBe('unknown')
  expect(JSON.stringify(result.verdicts)).not.toContain('secret text')
})

test('no server at all is not applicable; an unreadable file beside it is unknown', () => {
  expect(run([]).verdicts).toMatchObject([{ verdict: 'not-applicable' }])
  const unreadable: Observation = {
    kind: 'client-config',
    subject: fileSubject(path),
    state: 'unavailable',
    code: 'permission-denied',
    reason: 'permission denied',
  }
  expect(run([unreadable]).verdicts).toMatchObject([{ verdict: 'unknown', subject: { kind: 'file' } }])
  expect(run([unreadable, declared, listening([])]).verdicts.map((verdict) => verdict.verdict)).toEqual([
    'pass',
    'unknown',
  ])
})

test('an earlier finding is cleared only when everything about its subject could be judged', () => {
  const finding = run([declared, listening(['0.0.0.0'])]).stated[0]
  if (finding === undefined) throw new Error('the first run has a finding')
  expect(run([declared, listening([])]).canClear(finding)).toBe(true)
  const blind: Observation = {
    kind: 'listener',
    subject,
    state: 'unavailable',
    code: 'permission-denied',
    reason: 'permission denied',
  }
  expect(run([declared, blind]).canClear(finding)).toBe(false)
  expect(run([]).canClear(finding)).toBe(false)
})
