import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { setServerArgs } from './remediation.ts'

const path = pathOf('cursor', '{home}/.cursor/mcp.json')
const text = '{\r\n  "mcpServers": { "fs": { "command": "npx", "args": ["-y", "fs@1", "/"], "x": 1 } }\n}'
const named = { kind: 'set-server-args' as const, path, server: 'fs' }
const narrower = { kind: 'replace' as const, index: 2, from: '/', to: '/srv/data' }

test('a root gives way to a narrower one, and nothing else changes', () => {
  const ports = madePorts({ [path]: text })
  const preview = setServerArgs.preview({ ...named, changes: [narrower] }, ports)
  expect(preview).toMatchObject({ state: 'possible', effects: [{ shown: ['-/', '+/srv/data'] }], irreversible: [] })
  expect(ports.make(preview as never)).toBe(1)
  expect(ports.text(path)).toBe(text.replace('"/"', '"/srv/data"'))
  expect(setServerArgs.preview({ ...named, changes: [narrower] }, ports)).toMatchObject({ effects: [] })
})

test.each<[string, object, RegExp]>([
  ['another argument stands there', { changes: [{ ...narrower, from: '/home' }] }, /not what it was expected/],
  [
    'a secret would stand in the plan',
    { changes: [{ ...narrower, to: `--token=${'ghp_'}${'a1B2'.repeat(9)}` }] },
    /stands in no plan/,
  ],
  ['the name is hidden', { server: 'hidden-0123456789abcdef', changes: [narrower] }, /plain name first/],
  ['the entry is not there', { server: 'other', changes: [narrower] }, /no entry of that name/],
  ['the file is none of a client', { path: '/etc/passwd', changes: [narrower] }, /no file of a client/],
])('is refused where %s', (_, over, reason) => {
  const input = { ...named, changes: [narrower], ...over }
  expect(setServerArgs.preview(input, madePorts({ [path]: text }))).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(reason),
  })
})

test('an entry of a project stands in the file of the project, or below the project in the file of the user', () => {
  const inProject = pathOf('cursor', '{project}/.cursor/mcp.json')
  const ports = madePorts({ [inProject]: text })
  expect(
    setServerArgs.preview({ ...named, path: inProject, project: '/srv/p', changes: [narrower] }, ports),
  ).toMatchObject({
    effects: [{ path: inProject }],
  })
  const ofUser = pathOf('claude-code', '.claude.json')
  const nested = `{"projects": {"/srv/p": ${text}}}`
  const user = madePorts({ [ofUser]: nested })
  expect(setServerArgs.preview({ ...named, path: ofUser, project: '/srv/p', changes: [narrower] }, user)).toMatchObject(
    {
      effects: [{ path: ofUser }],
    },
  )
  expect(setServerArgs.preview({ ...named, path: ofUser, changes: [narrower] }, user)).toMatchObject({
    state: 'unavailable',
  })
})
