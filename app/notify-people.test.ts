import { NotifyChannel } from '@upkeep/contract/notify'
import { expect, test } from 'vitest'
import { isFor } from './notify-people.ts'

const notice = { event: 'change-applied' as const, owners: ['@acme/crm', 'ada'] }

test.each<[string, object, boolean]>([
  ['of everything', {}, true],
  ['of this', { about: ['change-applied', 'alarm'] }, true],
  ['of something else', { about: ['alarm'] }, false],
  ['of what one of its owners answers for', { owners: ['bob', '@acme/crm'] }, true],
  ['of what another answers for', { owners: ['bob'] }, false],
  ['of this, of another owner', { about: ['change-applied'], owners: ['bob'] }, false],
])('a channel that wants to be told %s', (_, over, expected) => {
  expect(isFor(NotifyChannel.parse({ name: 'n', mail: 'a@example.org', from: 'b@example.org', ...over }), notice)).toBe(
    expected,
  )
})
