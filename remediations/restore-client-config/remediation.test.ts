import { createHash } from 'node:crypto'
import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { expect, test } from 'vitest'
import { restoreClientConfig } from './remediation.ts'

const token = `${'ghp_'}${'a1B2'.repeat(9)}`
const path = pathOf('cursor', '{home}/.cursor/mcp.json')
const copy = `{
  // of then
  "mcpServers": {
    "gh": {"command": "npx", "args": ["-y", "gh@1"], "env": {"GH_TOKEN": "${token}"}},
    "fs": {"command": "npx", "args": ["fs@1"]}
  }
}
`
const now = `{
  "theme": "dark", // mine
  "mcpServers": {
    "gh": { "command": "npx", "args": ["-y", "gh@2"], "env": { "A": "1" }, "mine": [1] }, // keep
    "evil": {"command": "evil"}
  }
}\r
`
const at = '2026-11-22T09:30:00.000Z'

function input(server: string, over: object = {}) {
  const digest = createHash('sha256').update(copy).digest('hex')
  const kept = { of: 'then', name: '0-before', digest, at, ...over }
  return { kind: 'restore-client-config' as const, path, server, kept }
}

async function restored(server: string, text: string | null = now) {
  const ports = madePorts(text === null ? {} : { [path]: text }, { 'then/0-before': copy })
  const preview = await restoreClientConfig.preview(input(server), ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  const { effects, ...words } = preview
  expect(JSON.stringify([words, effects.map(({ shown }) => shown)])).not.toContain(token)
  ports.make(preview)
  expect(await restoreClientConfig.preview(input(server), ports)).toMatchObject({ state: 'possible', effects: [] })
  return { preview, text: ports.text(path) }
}

test('an entry becomes what it was, key by key, and nothing else of the file changes', async () => {
  const { preview, text } = await restored('gh')
  expect(text).toBe(
    now.replace(
      '"args": ["-y", "gh@2"], "env": { "A": "1" }, "mine": [1]',
      `"args": ["-y", "gh@1"], "env": { "GH_TOKEN": "${token}" }`,
    ),
  )
  expect(preview.summary).toEqual([`gh in ${path} becomes as it was at ${at} (kept by then)`])
  expect(preview.limits.slice(1)).toEqual([
    'gh: what was written since is lost: args, launch, env A, env GH_TOKEN, other',
    'gh: a secret of then stands in plain text again, and may be old or moved since: env GH_TOKEN',
  ])
})

test('one that was taken out is declared again, and one that was not there then is taken out', async () => {
  const again = await restored('fs')
  expect(again.preview.summary[0]).toMatch(/^fs in .* is declared again as it was/)
  expect(again.text).toContain('"evil"')
  expect(again.text).toContain('fs@1')
  const out = await restored('evil')
  expect(out.preview.limits).toContain('evil: all of its entry is lost')
  expect(out.text).toBe(now.replace(', // keep\n    "evil": {"command": "evil"}\n', ' // keep\n'))
})

test.each([
  ['is gone', null, /is gone: whatever was written/],
  ['cannot be read as its client’s', '{"mcpServers": {"gh"', /all that was written into it after that copy is lost/],
])('where the file %s the copy is put back byte for byte, and what is lost is said', async (_, text, lost) => {
  const made = await restored('gh', text)
  expect(made.text).toBe(copy)
  expect(made.preview.limits[1]).toMatch(lost)
})

test.each<[string, object, Record<string, string>, RegExp]>([
  ['the copy is gone', {}, {}, /no longer kept/],
  ['the copy is another one', {}, { 'then/0-before': `${copy} ` }, /not the one that the change is about/],
])('is refused where %s', async (_, over, copies, why) => {
  const preview = await restoreClientConfig.preview(input('gh', over), madePorts({ [path]: now }, copies))
  expect(preview).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(why) })
})

test('is refused where the file is no client’s, whatever was kept of it', async () => {
  const foreign = { ...input('gh'), path: '/home/ada/.bashrc' }
  const ports = madePorts({ '/home/ada/.bashrc': now }, { 'then/0-before': copy })
  expect(await restoreClientConfig.preview(foreign, ports)).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(/no file of a client that is edited/),
  })
})
