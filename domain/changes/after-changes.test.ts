import { expect, test } from 'vitest'
import { afterStanding, type ChangedParts, standingChanges } from './after-changes.ts'
import { day, doneChange } from './testing/seen.ts'

const plain = {
  text: (value: string) => value,
  make: (text: string) => text,
  made: (of: State) => ({ state: of, isWhole: false }),
}
type State = ChangedParts<string>
const state: State = { args: ['-y', 'fs@1'], autoApprove: [], disabled: false, mode: null }
const inputs = [{ kind: 'deny-server' as const, path: '/etc/claude-code/managed-settings.json', name: 'fs' }]
const entry = { client: 'claude-code', path: '/home/ada/.claude.json', server: 'fs', project: null }

test.each([
  ['an entry of Claude Code by that name', entry, doneChange({ inputs }), true],
  ['one of another client', { ...entry, client: 'cursor' }, doneChange({ inputs }), false],
  ['one of another name', { ...entry, server: 'git' }, doneChange({ inputs }), false],
  ['a change that was taken back', entry, doneChange({ inputs, undoingAt: day(13) }), false],
  ['a branch that was not merged', entry, doneChange({ inputs, appliedAt: null }), false],
])('what a change denies is authorised to be off: %s', (_, of, change, off) => {
  const standing = standingChanges([change], day(11), of)
  expect(afterStanding(state, standing, plain)).toEqual({ ...state, disabled: off })
})
