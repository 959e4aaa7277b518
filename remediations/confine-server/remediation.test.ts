import type { ConfinementProfile } from '@upkeep/contract/confinement'
import { digestOfText } from '@upkeep/domain/canonical-json'
import { filesOf, madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { analyseLaunch } from '@upkeep/domain/client-formats/launch'
import { wordsTellSecret } from '@upkeep/domain/redaction/tells-secret'
import { expect, test } from 'vitest'
import { moveSecret } from '../move-secret/remediation.ts'
import { setServerArgs } from '../set-server-args/remediation.ts'
import { setServerVersion } from '../set-server-version/remediation.ts'
import { confineServer } from './remediation.ts'

const cursor = pathOf('cursor', '{home}/.cursor/mcp.json')
const kept = '/home/ada/.config/upkeep/confined/cursor.fs.json'
const own = ['/opt/node', '/opt/upkeep/bin/upkeep.js']
const words = ['npx', '-y', 'fs@1.0.0', '/home/ada/docs']
const entry = { command: 'npx', args: words.slice(1), env: { A: '1' } }

function profileFor(over: Partial<ConfinementProfile> = {}): ConfinementProfile {
  return {
    format: 'upkeep-confinement/1',
    server: 'fs',
    words,
    start: { runtime: 'node', file: '/srv/fs/index.js', packages: null, searches: [], ownFrom: 3 },
    program: ['/srv/fs'],
    places: [{ path: '/home/ada/docs', access: 'read', named: 'argument' }],
    network: 'none',
    variables: ['A'],
    learned: { calls: 0, listed: ['read'], called: [], watched: true, reached: [], ran: [], lookedFor: [] },
    ...over,
  }
}

function fileOf(server: object): string {
  return JSON.stringify({ mcpServers: { fs: server } })
}

const input = (profile = profileFor()) => ({ kind: 'confine-server' as const, path: cursor, server: 'fs', profile })

async function confined(server: object, profile = profileFor(), texts = {}) {
  const ports = madePorts({ [cursor]: fileOf(server), ...texts })
  const preview = await confineServer.preview(input(profile), ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  ports.make(preview)
  expect(confineServer.preview(input(profile), ports)).toMatchObject({ state: 'possible', effects: [] })
  return { ports, preview, now: JSON.parse(ports.text(cursor) ?? '').mcpServers.fs }
}

test('the profile goes into a file that is named with its digest, and the entry through our launcher', async () => {
  const { ports, preview, now } = await confined(entry)
  const sealed = digestOfText(ports.text(kept) ?? '')
  expect(now).toEqual({
    command: own[0],
    args: [own[1], 'run-confined', '--profile', kept, '--sealed', sealed, '--', ...words],
    env: { A: '1' },
  })
  expect(filesOf(preview).map(({ path, to }) => [path, to === 'absent' ? null : to.mode])).toEqual([
    [kept, 0o600],
    [cursor, undefined],
  ])
  expect(preview.summary.join()).toContain('fs sees /home/ada/docs (to read)')
  expect(preview.limits.join()).toContain('what 1 tools need that were never called is not known')
  expect(analyseLaunch(now.command, now.args).launch).toEqual(analyseLaunch('npx', words.slice(1)).launch)
})

test('the digest in the command line is shown, and is no secret in it', () => {
  const args = [own[1] ?? '', 'run-confined', '--profile', kept, '--sealed', 'a1'.repeat(32), '--', ...words]
  const { roles } = analyseLaunch(own[0] ?? '', args)
  expect(roles.get(5)).toBe('digest')
  expect(wordsTellSecret(args.toSpliced(5, 1))).toBe(false)
})

test('behind the launcher that fetches secrets, and one that fetches them later stands in front', async () => {
  const fetched = { command: own[0], args: [own[1], 'run-with', '--set', 'TOKEN', '/home/ada/secret', '--', ...words] }
  const { now } = await confined(fetched)
  expect(now.args.slice(5, 9)).toEqual(['--', ...own, 'run-confined'])
  expect(now.args.slice(-5)).toEqual(['--', ...words])
  const token = `${'ghp_'}${'a1B2'.repeat(9)}`
  const { ports } = await confined({ ...entry, env: { TOKEN: token } })
  const moved = moveSecret.preview(
    { kind: 'move-secret', path: cursor, server: 'fs', secret: { in: 'env', name: 'TOKEN' }, to: { store: 'file' } },
    ports,
  )
  ports.make(moved as never)
  const { args } = JSON.parse(ports.text(cursor) ?? '').mcpServers.fs
  expect(args.slice(1, 8)).toEqual(['run-with', '--set', 'TOKEN', expect.any(String), '--', ...own])
})

test('one that is confined gets the other profile, in the same file', async () => {
  const { ports } = await confined(entry)
  const wider = profileFor({ network: 'open' })
  const preview = await confineServer.preview(input(wider), ports)
  ports.make(preview)
  const { args } = JSON.parse(ports.text(cursor) ?? '').mcpServers.fs
  expect(args.filter((word: string) => word === 'run-confined')).toHaveLength(1)
  expect(args[3]).toBe(kept)
  expect(args[5]).toBe(digestOfText(ports.text(kept) ?? ''))
  expect(ports.text(kept)).toContain('"network":"open"')
})

test('a file of that name that is of another entry is left alone', async () => {
  const { ports, now } = await confined(entry, profileFor(), { [kept]: 'of another' })
  expect(ports.text(kept)).toBe('of another')
  expect(now.args[3]).toBe(kept.replace('.json', '.2.json'))
})

test('while it is confined its version and arguments are refused, with what to do', async () => {
  const { ports } = await confined(entry)
  const named = { path: cursor, server: 'fs' }
  const last = { kind: 'replace' as const, index: 10, from: '/home/ada/docs', to: '/' }
  for (const preview of [
    setServerVersion.preview(
      { kind: 'set-server-version', ...named, package: 'fs', from: '1.0.0', to: '2.0.0' },
      ports,
    ),
    setServerArgs.preview({ kind: 'set-server-args', ...named, changes: [last] }, ports),
  ])
    expect(preview).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('upkeep undo') })
})

test.each<[string, object, RegExp]>([
  ['something else is started', { ...entry, args: ['-y', 'fs@1.0.0', '/'] }, /starts something else now/],
  ['the command is a whole line', { command: words.join(' '), args: [] }, /starts something else now|whole line/],
  ['it starts nothing', { url: 'https://h.example/mcp' }, /starts something else now/],
])('is refused where %s', (_, server, reason) => {
  expect(confineServer.preview(input(), madePorts({ [cursor]: fileOf(server) }))).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(reason),
  })
})
