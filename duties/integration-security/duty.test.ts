import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { describe, expect, test } from 'vitest'
import { integrationSecurity } from './duty.ts'
import { credential, declared, history, integrations, noHistory, unobserved, where } from './testing/given.ts'
import { loginRows } from './testing/login-rows.ts'
import { base, connect, observedRows, tested } from './testing/observed-rows.ts'

const fresh = history('2026-11-01T09:00:00.000Z', true)
const one = integrations({ credentials: [credential()] })
const other = { name: 'releases', client: 'cursor', path: '/home/ada/.cursor/mcp.json' }
const address = { vendor: null, title: null, host: 'mcp.example.com', by: 'url' as const, where: 'url' }

dutyCases(integrationSecurity, [
  {
    name: 'owned, its own credential, young: passes',
    given: { ...unobserved, declared, integrations: one, history: fresh },
    expect: {
      verdict: 'pass',
      passes: [
        'no credential of it stands in another entry',
        'platform team answers for it',
        'in place since 2026-11-01',
      ],
    },
  },
  {
    name: 'an address over TLS',
    given: { ...unobserved, declared, integrations: integrations({ destinations: [address] }), history: noHistory },
    expect: { verdict: 'pass', passes: ['each of 1 addresses is reached over TLS'] },
  },
  {
    name: 'an address without TLS',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({ destinations: [address], withoutTls: [{ host: 'mcp.example.com', where: 'url' }] }),
      history: noHistory,
    },
    expect: { verdict: 'fail', findings: [{ rule: 'remote-without-tls', facts: { host: 'mcp.example.com' } }] },
  },
  {
    name: 'the same value in an entry of another purpose',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({
        credentials: [credential()],
        shared: [{ fingerprint: 'a1', where, others: [other] }],
      }),
      history: fresh,
    },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'same-credential-in-several-servers',
          facts: { kind: 'github-token', others: [other] },
          summary: 'also stands in 1 other entry: releases (cursor)',
        },
      ],
    },
  },
  {
    name: 'nobody answers for it',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({ owner: null, destinations: [address] }),
      history: noHistory,
    },
    expect: { verdict: 'fail', findings: [{ rule: 'no-owner', summary: 'behind it: mcp.example.com' }] },
  },
  {
    name: 'nobody has to answer for it',
    given: { ...unobserved, declared, integrations: integrations({ owner: null }), history: noHistory },
    params: { ownerNeeded: false },
    expect: { verdict: 'pass' },
  },
  {
    name: 'disabled, with its token still there',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({ disabled: true, credentials: [credential()] }),
      history: fresh,
    },
    expect: { verdict: 'fail', findings: [{ rule: 'orphaned-credential', summary: 'still holds 1 credential' }] },
  },
  {
    name: 'disabled, with a reference alone',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({
        disabled: true,
        rotatedAt: '2026-11-01',
        credentials: [credential({ stands: 'reference', fingerprint: null })],
      }),
      history: noHistory,
    },
    expect: { verdict: 'pass' },
  },
  {
    name: 'a credential of 120 days raises its rotation',
    given: { ...unobserved, declared, integrations: one, history: history('2026-07-25T09:00:00.000Z', true) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'credential-older-than',
          facts: { where, by: 'history' },
          summary: 'the same since 2026-07-25; 90 days',
        },
      ],
    },
  },
  {
    name: 'ninety days to the second are not too many',
    given: { ...unobserved, declared, integrations: one, history: history('2026-08-24T09:00:00.000Z', true) },
    expect: { verdict: 'pass' },
  },
  {
    name: 'the same since the first look, longer ago than is allowed',
    given: { ...unobserved, declared, integrations: one, history: history('2026-01-01T00:00:00.000Z', false) },
    expect: { verdict: 'fail', findings: [{ rule: 'credential-older-than', summary: 'since 2026-01-01 or longer' }] },
  },
  {
    name: 'the same since the first look, which is too short ago to tell',
    given: { ...unobserved, declared, integrations: one, history: history('2026-11-01T00:00:00.000Z', false) },
    expect: { verdict: 'unknown', unknowns: ['the same since 2026-11-01, when it was first looked at, or longer'] },
  },
  {
    name: 'looked at for the first time: its age is unknown',
    given: { ...unobserved, declared, integrations: one, history: noHistory },
    expect: { verdict: 'unknown', unknowns: [`age of the credential in ${where}: no run has seen it change`] },
  },
  {
    name: 'the owner states the day of its rotation',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({ credentials: [credential()], rotatedAt: '2026-11-01' }),
      history: history('2026-11-10T00:00:00.000Z', false),
    },
    expect: { verdict: 'pass', passes: ['in place since 2026-11-01'] },
  },
  {
    name: 'the owner states a day, and the value was there before it: the value counts',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({ credentials: [credential()], rotatedAt: '2026-11-01' }),
      history: history('2026-06-01T00:00:00.000Z', false),
    },
    expect: { verdict: 'fail', findings: [{ rule: 'credential-older-than', facts: { by: 'history' } }] },
  },
  {
    name: 'a stated rotation that is long ago itself',
    given: {
      ...unobserved,
      declared,
      integrations: integrations({ credentials: [credential()], rotatedAt: '2026-02-01' }),
      history: noHistory,
    },
    expect: { verdict: 'fail', findings: [{ rule: 'credential-older-than', facts: { by: 'statement' } }] },
  },
  {
    name: 'the declaration could not be read',
    given: {
      ...unobserved,
      declared: { state: 'unavailable', code: 'malformed', reason: 'line 3: a comma was expected' },
      integrations: { state: 'unavailable', code: 'not-supported', reason: 'no collector reported it' },
      history: noHistory,
    },
    expect: { verdict: 'unknown', unknowns: ['a comma was expected'] },
  },
  {
    name: 'no longer declared',
    given: {
      ...unobserved,
      declared: { state: 'absent', reason: 'no entry of that name' },
      integrations: { state: 'absent', reason: 'no entry of that name' },
      history: { state: 'absent', reason: 'no entry of that name' },
    },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'run in the sandbox it tried to reach nothing: passes, with what proved it',
    given: { ...base, tests: tested([]) },
    expect: {
      verdict: 'pass',
      passes: ['watched in 1 of its starts, with 0 golden calls (2026-11-20): 0 attempts to connect'],
    },
  },
  {
    name: 'what it tries to reach in the sandbox is named with call and time',
    given: { ...base, tests: tested([connect]) },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'undeclared-destination',
          facts: { destination: '192.0.2.7:443', during: 'tools/call count_words', pid: null },
          summary: 'during tools/call count_words, 312 ms after the start, 4 times (2026-11-20 09:00:00 UTC)',
        },
      ],
    },
  },
  ...observedRows,
  ...loginRows,
])

describe('severity and clearing', () => {
  const input = (seen: Parameters<typeof integrationSecurity.assess>[0]['seen']) => ({
    subject: { kind: 'server' as const, id: 'server:x', name: 'github' },
    seen,
    params: integrationSecurity.params.parse({}),
    at: '2026-11-22T09:00:00.000Z',
  })

  test('the same server in another client of the same person is of little weight', () => {
    const shared = [{ fingerprint: 'a1', where, others: [{ ...other, name: 'github' }] }]
    const said = integrationSecurity.assess(
      input({
        ...unobserved,
        declared,
        integrations: integrations({ credentials: [credential()], shared }),
        history: fresh,
      }),
    )
    expect(said.findings).toMatchObject([{ severity: 'low' }])
  })

  test.each([
    [
      'an old credential whose replacement was seen',
      { ...unobserved, declared, integrations: one, history: fresh },
      true,
    ],
    ['not one whose age is no longer known', { ...unobserved, declared, integrations: one, history: noHistory }, false],
    [
      'one that is gone from the entry',
      { ...unobserved, declared, integrations: integrations(), history: noHistory },
      true,
    ],
  ])('%s', (_name, seen, expected) => {
    const finding = { rule: 'credential-older-than', facts: { where } }
    expect(integrationSecurity.canClear?.(finding, input(seen))).toBe(expected)
  })
})
