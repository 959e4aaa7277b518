import { NotifyChannel } from '@upkeep/contract/notify'
import type { Person } from '@upkeep/contract/person'
import { expect, test } from 'vitest'
import { isFor, mailAddresses } from './routing.ts'

const applied = { event: 'change-applied' as const, owners: ['@acme/crm', 'ada'], severity: null, urgent: false }
const alarm = { event: 'alarm' as const, owners: ['ada'], severity: 'high' as const, urgent: false }
const mail = (over: object) => NotifyChannel.parse({ name: 'n', mail: 'a@example.org', from: 'b@example.org', ...over })

test.each<[string, object, object, boolean]>([
  ['of everything', {}, applied, true],
  ['of this', { about: ['change-applied', 'alarm'] }, applied, true],
  ['of something else', { about: ['alarm'] }, applied, false],
  ['of what one of its owners answers for', { owners: ['bob', '@acme/crm'] }, applied, true],
  ['of what another answers for', { owners: ['bob'] }, applied, false],
  ['of this, of another owner', { about: ['change-applied'], owners: ['bob'] }, applied, false],
  ['of what is high or worse', { severity: 'high' }, alarm, true],
  ['of what is critical only', { severity: 'critical' }, alarm, false],
  ['of what is high where it says nothing', {}, alarm, true],
  ['of no medium where it says nothing', {}, { ...alarm, severity: 'medium' }, false],
  ['of medium where it asks for it', { severity: 'medium' }, { ...alarm, severity: 'medium' }, true],
  ['of what is urgent, however grave', { severity: 'critical' }, { ...alarm, severity: 'low', urgent: true }, true],
  ['of what has a severity only where it has one', { severity: 'critical' }, applied, true],
])('a channel that wants to be told %s', (_, over, notice, expected) => {
  expect(isFor(mail(over), { ...alarm, ...notice }, false)).toBe(expected)
})

test('that something is over goes to whom it was told of, and to nobody else', () => {
  const over = { ...alarm, event: 'resolved' as const }
  expect(isFor(mail({ about: ['alarm'] }), over, true)).toBe(true)
  expect(isFor(mail({}), over, false)).toBe(false)
})

test.each([
  ['alarm', false, true],
  ['change-not-made', false, true],
  ['change-applied', false, false],
  ['change-applied', true, true],
  ['resolved', true, true],
] as const)('an on-call service, of %s, told of its beginning: %s', (event, heard, expected) => {
  const onCall = NotifyChannel.parse({ name: 'p', pagerduty: 'env:KEY' })
  expect(isFor(onCall, { ...alarm, event }, heard)).toBe(expected)
})

const people: Person[] = [
  { id: 'ada', name: 'Ada', roles: ['approver'], mail: 'ada@example.org' },
  { id: 'bob', name: 'Bob', roles: ['operator'], mail: 'bob@example.org' },
  { id: 'cy', name: 'Cy', roles: ['approver'] },
]
test.each<[string, unknown, string[], string[] | null]>([
  ['an address', 'ops@example.org', [], ['ops@example.org']],
  ['a role', { roles: ['approver'] }, [], ['ada@example.org']],
  ['roles', { roles: ['approver', 'operator'] }, [], ['ada@example.org', 'bob@example.org']],
  ['who answers', { owners: true }, ['bob', '@acme/crm'], ['bob@example.org']],
  ['who answers, without an address', { owners: true }, ['cy'], null],
  ['a role that nobody holds', { roles: ['auditor'] }, [], null],
])('mail to %s', (_, to, owners, expected) => {
  const channel = mail({ mail: to })
  if (!('mail' in channel)) throw new Error('it is one of mail')
  expect(mailAddresses(channel, { owners }, people)).toEqual(expected)
})
