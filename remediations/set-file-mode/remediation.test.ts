import type { FileFacts, FilesPort } from '@upkeep/contract/ports'
import { madePorts } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { setFileMode } from './remediation.ts'

const input = { kind: 'set-file-mode' as const, path: '/f', from: '0644', to: '0600' }

function filesWith(found: Partial<FileFacts> | { state: 'absent' }): { files: FilesPort } {
  const facts = {
    state: 'present',
    type: 'file',
    size: 1,
    mode: 0o644,
    uid: 1,
    gid: 1,
    inode: 1n,
    device: 1n,
    modifiedNs: 1n,
    changedNs: 1n,
  } as const
  const { files } = madePorts({})
  return {
    files: { ...files, inspect: () => (found.state === 'absent' ? { state: 'absent' } : { ...facts, ...found }) },
  }
}

test('the mode alone changes', () => {
  expect(setFileMode.preview(input, filesWith({}))).toMatchObject({
    effects: [{ path: '/f', to: { mode: 0o600 }, shown: ['-mode 0644', '+mode 0600'] }],
  })
  expect(setFileMode.preview(input, filesWith({ mode: 0o600 }))).toMatchObject({ state: 'possible', effects: [] })
})

test.each<[string, Parameters<typeof filesWith>[0], object, RegExp]>([
  ['the file is gone', { state: 'absent' }, {}, /not there/],
  ['it is a folder', { type: 'folder' }, {}, /modes of folders/],
  ['it has another mode than was seen', { mode: 0o640 }, {}, /has the mode 0640 now/],
  ['the mode is none', {}, { to: '0999' }, /not one that chmod takes/],
  ['the mode has bits beyond those of reading, writing and starting', {}, { to: '4755' }, /not one that chmod takes/],
])('is refused where %s', (_, found, over, reason) => {
  expect(setFileMode.preview({ ...input, ...over }, filesWith(found))).toMatchObject({
    reason: expect.stringMatching(reason),
  })
})
