import type { Place } from '@upkeep/contract'
import type { FileFacts } from '@upkeep/contract/ports'
import { madePorts } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { denyServer } from './remediation.ts'

const path = '/etc/claude-code/managed-settings.json'
const input = { kind: 'deny-server' as const, path, name: 'fs' }
const facts = { state: 'present', size: 1, gid: 0, inode: 1n, device: 1n, modifiedNs: 1n, changedNs: 1n } as const

function portsWith(text: string | null, { owner = 0, uid = 0, machine = true, folder = true } = {}) {
  const made = madePorts(text === null ? {} : { [path]: text })
  const inspect = (at: string): FileFacts | { state: 'absent' } => {
    if (at === path && made.text(path) !== null) return { ...facts, type: 'file', uid: owner, mode: 0o640 }
    return at === '/etc/claude-code' && folder
      ? { ...facts, type: 'folder', uid: owner, mode: 0o755 }
      : { state: 'absent' }
  }
  const list = (): readonly Place[] => made.places.list().map((place) => ({ ...place, uid, machine }))
  return { ...made, files: { ...made.files, inspect }, places: { ...made.places, list } }
}

test.each([
  ['a new file', null, '{\n  "deniedMcpServers": [{"serverName": "fs"}]\n}\n', 0o644],
  ['a file without the list', '{"a": 1}', '{"a": 1, "deniedMcpServers": [{"serverName": "fs"}]}', 0o640],
  [
    'a list with others',
    '{\n  "deniedMcpServers": [\n    { "serverName": "x" }\n  ]\n}\n',
    '{\n  "deniedMcpServers": [\n    { "serverName": "x" },\n    { "serverName": "fs" }\n  ]\n}\n',
    0o640,
  ],
])('%s gets the server, once', async (_, before, after, mode) => {
  const ports = portsWith(before)
  const preview = await denyServer.preview(input, ports)
  expect(preview).toMatchObject({ state: 'possible', effects: [{ to: { mode } }] })
  ports.make(preview)
  expect(JSON.parse(ports.text(path) ?? '')).toEqual(JSON.parse(after))
  expect(await denyServer.preview(input, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test.each<[string, string | null, object, RegExp]>([
  ['the file is somebody else’s', '{}', { uid: 1000 }, /belongs to user 0, and this is user 1000/],
  ['there is none and the folder is somebody else’s', null, { uid: 1000 }, /belongs to user 0/],
  ['the folder is not there', null, { folder: false }, /is not there/],
  ['it is about another machine', '{}', { machine: false }, /not where this machine keeps/],
  ['the list is none', '{"deniedMcpServers": {}}', {}, /is no list/],
  ['the file is none', '{"a"', {}, /not well formed|malformed|expected/i],
])('is refused where %s', async (_, text, over, reason) => {
  expect(await denyServer.preview(input, portsWith(text, over))).toMatchObject({
    reason: expect.stringMatching(reason),
  })
})
