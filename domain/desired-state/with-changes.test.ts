import type { DeclaredServer, SafeValue } from '@upkeep/contract/observations/declared-server'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { expect, test } from 'vitest'
import { entryChanges } from '../changes/entry-change.ts'
import { day, doneChange } from '../changes/testing/seen.ts'
import { compareEntries } from './compare-lock.ts'
import { lockServer } from './lock-server.ts'
import { withChanges } from './with-changes.ts'

const folders = { home: '/home/ada', here: '/home/ada/fleet' }
const plain = (text: string): SafeValue => ({ kind: 'plain', text })
const secret: SafeValue = { kind: 'hidden', secret: 'github-token', length: 40, fingerprint: '1111111111111111' }
const before: DeclaredServer = {
  ...plainServer,
  transport: 'stdio',
  command: plain('npx'),
  args: [plain('gh@1'), plain('/home/ada/data')],
  env: { TOKEN: secret, MODE: plain('read') },
}
const moved: DeclaredServer = {
  ...before,
  command: plain('/opt/node'),
  args: [
    plain('run-with'),
    plain('--set'),
    plain('TOKEN'),
    plain('/home/ada/s'),
    plain('--'),
    plain('npx'),
    ...before.args,
  ],
  env: { MODE: plain('read') },
}
const entry = { client: before.client, path: before.path, server: before.name, project: null }
const lockOf = (declared: DeclaredServer) =>
  lockServer({ declared, resolved: null, mode: null, surface: null }, folders)
const input = {
  kind: 'move-secret' as const,
  path: before.path,
  server: before.name,
  secret: { in: 'env' as const, name: 'TOKEN' },
  to: { store: 'file' as const },
}
const change = doneChange({ inputs: [input], entries: entryChanges([before], [moved]) })
const after = (wanted: DeclaredServer) =>
  withChanges(lockOf(wanted), entry, { changes: [change], since: day(1), folders })

test('what a change made of an entry is as it shall be, also where values are hidden', () => {
  expect(compareEntries(after(before), lockOf(moved))).toEqual([])
})

test('what somebody else wrote beside it is not', () => {
  const theirs = { ...moved, env: { ...moved.env, EXTRA: plain('1') }, autoApprove: ['*'] }
  expect(compareEntries(after(before), lockOf(theirs)).map(({ at }) => at)).toEqual([
    'variables',
    'tools called without asking',
  ])
})

test('on an entry that shall be otherwise the change authorises nothing of that part', () => {
  const otherwise = { ...before, args: [plain('gh@2')] }
  expect(after(otherwise)).toMatchObject({ args: ['gh@2'], env: ['MODE'], command: '/opt/node' })
})
