import type { Person } from '@upkeep/contract'
import { describe, expect, test } from 'vitest'
import { identityIn, personOf } from './identity.ts'

const people: readonly Person[] = [
  { id: 'ada', name: 'Ada', roles: ['approver'], email: 'Ada@example.com' },
  { id: 'bob', name: 'Bob', roles: ['operator'], subject: 'b-1' },
  { id: 'eve', name: 'Eve', roles: ['viewer'], subject: 'e-1', email: 'eve@example.com' },
  { id: 'one', name: 'One', roles: ['viewer'], email: 'same@example.com' },
  { id: 'two', name: 'Two', roles: ['admin'], email: 'same@example.com' },
]

describe('who somebody is', () => {
  test.each<[string, unknown, string | null]>([
    ['by an address that was verified', { sub: 'x', email: 'ADA@example.com', email_verified: true }, 'ada'],
    ['by one whose provider says so in a text', { sub: 'x', email: 'ada@example.com', email_verified: 'true' }, 'ada'],
    [
      'nobody, by an address that was not verified',
      { sub: 'x', email: 'ada@example.com', email_verified: false },
      null,
    ],
    ['nobody, by an address of which nothing is said', { sub: 'x', email: 'ada@example.com' }, null],
    ['by subject', { sub: 'b-1' }, 'bob'],
    ['by subject, whatever the address', { sub: 'b-1', email: 'ada@example.com', email_verified: true }, 'bob'],
    [
      'nobody, where the address went to another subject',
      { sub: 'x', email: 'eve@example.com', email_verified: true },
      null,
    ],
    ['nobody, where it fits two', { sub: 'x', email: 'same@example.com', email_verified: true }, null],
    ['nobody, where nobody is named so', { sub: 'zed', email: 'zed@example.com', email_verified: true }, null],
    ['nobody, without a subject', { email: 'ada@example.com', email_verified: true }, null],
    ['nobody, with claims of another kind', 'ada', null],
  ])('%s', (_what, claims, id) => {
    const identity = identityIn(claims)
    expect(identity === null ? null : (personOf(identity, people)?.id ?? null)).toBe(id)
  })
})
