import type { ChangeOf } from '@upkeep/contract/change'
import { secretIn } from '@upkeep/domain/client-edits/secret-file'
import { filesOf, madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { variableOf } from '@upkeep/domain/client-formats/fill-in'
import { analyseLaunch } from '@upkeep/domain/client-formats/launch'
import { wordsTellSecret } from '@upkeep/domain/redaction/tells-secret'
import { expect, test } from 'vitest'
import { moveSecret } from './remediation.ts'

const reference = variableOf('env:GH')
const token = `${'ghp_'}${'a1B2'.repeat(9)}`
const cursor = pathOf('cursor', '{home}/.cursor/mcp.json')
const inEnv = `{"mcpServers": {"gh": {"command": "npx", "args": ["-y", "gh@1"], "env": {"GH_TOKEN": "${token}", "A": "1"}}}}`
const inArgument = `{"mcpServers": {"gh": {"command": "npx", "args": ["gh@1", "--token=${token}"]}}}`
const inHeader = `{"mcpServers": {"gh": {"url": "https://h.example/mcp", "headers": {"Authorization": "Bearer ${token}"}}}}`
const named = { kind: 'move-secret' as const, path: cursor, server: 'gh', to: { store: 'file' as const } }
const env = { in: 'env' as const, name: 'GH_TOKEN' }
const kept = '/home/ada/.config/upkeep/secrets/cursor.gh.GH_TOKEN'

async function moved(text: string, over: Partial<ChangeOf<'move-secret'>>, path = cursor) {
  const ports = madePorts({ [path]: text })
  const input = { secret: env, ...named, path, ...over }
  const preview = await moveSecret.preview(input, ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  const { effects, ...words } = preview
  expect(JSON.stringify([words, effects.map(({ shown }) => shown)])).not.toContain(token)
  ports.make(preview)
  expect(moveSecret.preview(input, ports)).toMatchObject({ state: 'possible', effects: [] })
  return { ports, entry: JSON.parse(ports.text(path) ?? '').mcpServers.gh, effects }
}

test('a variable goes to a file that only its owner reads, and the server starts through our launcher', async () => {
  const { ports, entry, effects } = await moved(inEnv, {})
  expect(filesOf({ effects }).map(({ path, to }) => [path, to === 'absent' ? null : to.mode])).toEqual([
    [kept, 0o600],
    [cursor, undefined],
  ])
  expect(secretIn(ports.text(kept) ?? '')).toBe(token)
  expect(entry).toEqual({
    command: '/opt/node',
    args: ['/opt/upkeep/bin/upkeep.js', 'run-with', '--set', 'GH_TOKEN', kept, '--', 'npx', '-y', 'gh@1'],
    env: { A: '1' },
  })
  expect(analyseLaunch(entry.command, entry.args).launch).toEqual(analyseLaunch('npx', ['-y', 'gh@1']).launch)
  expect(wordsTellSecret(entry.args)).toBe(false)
})

test('an argument keeps its place', async () => {
  const { entry } = await moved(inArgument, { secret: { in: 'argument', index: 1, of: 2 } })
  expect(entry.args.slice(2, 5)).toEqual(['--fill', 'TOKEN', '/home/ada/.config/upkeep/secrets/cursor.gh.TOKEN'])
  expect(entry.args.slice(-3)).toEqual(['npx', 'gh@1', '--token={{TOKEN}}'])
  expect(wordsTellSecret(entry.args)).toBe(false)
})

test('two secrets of one entry go through one launcher, and a file of another secret is not overwritten', () => {
  const both = inEnv.replace('"gh@1"', `"gh@1", "--token=${token}"`)
  const ports = madePorts({ [cursor]: both, [kept]: 'of somebody else' })
  for (const secret of [env, { in: 'argument' as const, index: 2, of: 3 }]) {
    const preview = moveSecret.preview({ ...named, secret }, ports)
    ports.make(preview as never)
  }
  const entry = JSON.parse(ports.text(cursor) ?? '').mcpServers.gh
  expect(entry.args.filter((each: string) => each === 'run-with')).toHaveLength(1)
  expect(entry.args.slice(2, 8)).toEqual(['--set', 'GH_TOKEN', `${kept}.2`, '--fill', 'TOKEN', kept.replace('GH_', '')])
  expect(ports.text(kept)).toBe('of somebody else')
  expect(ports.text(cursor)).not.toContain(token)
})

test("the client's own references, and those of stores that are known, are put in as they are given", async () => {
  const own = await moved(inHeader, {
    secret: { in: 'header', name: 'Authorization' },
    to: { store: 'reference', text: reference },
  })
  expect(own.entry.headers.Authorization).toBe(`Bearer ${reference}`)
  expect(own.effects).toHaveLength(1)
  const vault = await moved(inEnv, { to: { store: 'reference', text: 'op://work/gh/token' } })
  expect(vault.entry.args.slice(2, 5)).toEqual(['--set', 'GH_TOKEN', 'op://work/gh/token'])
})

test.each<[string, string, object, RegExp]>([
  [
    'a header has no launcher',
    inHeader,
    { secret: { in: 'header', name: 'Authorization' } },
    /calls the server itself/,
  ],
  ['nobody expands the reference', inEnv, { to: { store: 'reference', text: '{{GH}}' } }, /does not expand/],
  ['the reference is a secret itself', inEnv, { to: { store: 'reference', text: token } }, /does not expand/],
  ['the command is a whole line', inEnv.replace('"npx"', '"npx -y"'), {}, /whole line/],
  ['the entry is gone', '{"mcpServers": {}}', {}, /no entry of that name/],
])('is refused where %s', (_, text, over, reason) => {
  const preview = moveSecret.preview({ ...named, secret: env, ...over }, madePorts({ [cursor]: text }))
  expect(preview).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(reason) })
  expect(JSON.stringify(preview)).not.toContain(token)
})

test('what is no secret is left where it is', () => {
  const ports = madePorts({ [cursor]: inArgument })
  for (const secret of [
    { in: 'argument' as const, index: 0, of: 2 },
    { in: 'argument' as const, index: 0, of: 9 },
    env,
  ])
    expect(moveSecret.preview({ ...named, secret }, ports)).toMatchObject({ state: 'possible', effects: [] })
})
