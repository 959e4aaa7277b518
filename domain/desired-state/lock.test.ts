import type { LockedServer } from '@upkeep/contract/lock-file'
import { describe, expect, test } from 'vitest'
import { lockChanges } from './lock-changes.ts'
import { onThisMachine, portable } from './lock-paths.ts'
import { lockText, readLock } from './lock-text.ts'

const folders = { home: '/home/ada', here: '/home/ada/shop' }
const fs: LockedServer = {
  client: 'cursor',
  scope: 'user',
  file: '<home>/.cursor/mcp.json',
  project: null,
  name: 'fs',
  transport: 'stdio',
  command: 'npx',
  args: ['-y', 'server@1.0.0', '<home>/docs'],
  url: null,
  cwd: null,
  disabled: false,
  package: {
    ecosystem: 'npm',
    name: 'server',
    pinned: true,
    version: '1.0.0',
    integrity: 'a'.repeat(64),
    tree: 'b'.repeat(64),
  },
  surface: 'c'.repeat(64),
  roots: ['<home>/docs'],
  env: ['TOKEN'],
  headers: [],
  autoApprove: [],
  mode: '0600',
}
const other = { ...fs, name: 'other' }
const pkg = (over: Partial<NonNullable<LockedServer['package']>>) => ({
  ...fs,
  package: fs.package === null ? null : { ...fs.package, ...over },
})

describe('paths', () => {
  test.each([
    ['/home/ada/docs', '<home>/docs'],
    ['/home/ada', '<home>'],
    ['/home/ada/shop/src', '<here>/src'],
    ['--root=/home/ada/docs', '--root=<home>/docs'],
    ['/home/adamant/docs', '/home/adamant/docs'],
    ['/srv/home/ada/docs', '/srv/home/ada/docs'],
    ['~/docs', '~/docs'],
  ])('%s is %s elsewhere, and comes back', (path, there) => {
    expect(portable(path, folders)).toBe(there)
    expect(onThisMachine(there, folders)).toBe(path)
  })
})

describe('the text', () => {
  test('is the same whatever the order, and is read back as it was', () => {
    const text = lockText([other, fs])
    expect(lockText([fs, other])).toBe(text)
    expect(readLock(text)).toMatchObject({ state: 'read', lock: { servers: [fs, other] } })
  })
  test('shows what is hidden, and means the same', () => {
    const sly = { ...fs, args: ['a\u200bb', '\u202e\u{e0041}', 'é'] }
    const text = lockText([sly])
    expect(text).toContain('"a\\u200bb"')
    expect(text).toContain('"\\u202e\\udb40\\udc41"')
    expect(text).toContain('"é"')
    expect(readLock(text)).toMatchObject({ lock: { servers: [sly] } })
  })
  test.each([
    ['nothing', '', 'foreign'],
    ['a lock of somebody else', '{"lockfileVersion": 3}', 'foreign'],
    ['a key that nobody knows', lockText([fs]).replace('"project"', '"extra": 1, "project"'), 'broken'],
    ['one server twice', lockText([fs, fs]), 'broken'],
  ])('%s is no lock', (_, text, state) => expect(readLock(text).state).toBe(state))
})

describe('what differs', () => {
  test.each<[string, LockedServer[], string[]]>([
    ['nothing', [fs], []],
    ['a server more', [fs, other], ['server-added']],
    ['no server', [], ['server-gone']],
    ['another command', [{ ...fs, command: 'sh' }], ['start command']],
    ['one more root', [{ ...fs, args: [...fs.args, '/'] }], ['start args[3]']],
    ['arguments in another order', [{ ...fs, args: fs.args.toReversed() }], ['start args[0]', 'start args[2]']],
    ['a variable more', [{ ...fs, env: ['NODE_OPTIONS', 'TOKEN'] }], ['environment variables']],
    ['a tool that runs unasked', [{ ...fs, autoApprove: ['*'] }], ['consent tools called without asking']],
    ['another version', [pkg({ version: '1.0.1', integrity: null })], ['version server']],
    ['a byte of the package', [pkg({ integrity: 'd'.repeat(64), tree: 'd'.repeat(64) })], ['bytes files of server']],
    ['a byte of what it needs', [pkg({ tree: 'd'.repeat(64) })], ['bytes files of server and of what it needs']],
    ['other tools', [{ ...fs, surface: 'd'.repeat(64) }], ['tools what it offers to models']],
    ['another mode', [{ ...fs, mode: '0644' }], ['permissions mode']],
  ])('%s', (_, now, expected) => {
    const { changes } = lockChanges([fs], now, { entriesOnly: false })
    expect(changes.map((one) => (one.kind === 'server-changed' ? `${one.layer} ${one.at}` : one.kind))).toEqual(
      expected,
    )
  })

  test('what is not known here is not compared, and said', () => {
    const now = [{ ...pkg({ version: null, integrity: null, tree: null }), surface: null }]
    const found = lockChanges([fs], now, { entriesOnly: false })
    expect(found.changes).toEqual([])
    expect(found.notCompared.map(({ what }) => what)).toEqual(['version and bytes', 'tools'])
    expect(lockChanges([fs], now, { entriesOnly: true })).toEqual({ changes: [], notCompared: [] })
  })

  test('hidden characters are shown', () => {
    const { changes } = lockChanges([fs], [{ ...fs, command: 'npx\u200b' }], { entriesOnly: false })
    expect(changes).toMatchObject([{ is: 'npx⟨U+200B⟩' }])
  })
})
