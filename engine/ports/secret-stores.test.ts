import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createHttpPort } from './http.ts'
import { openSecretStores } from './secret-stores.ts'
import { opDouble } from './testing/op-double.ts'
import { vaultDouble } from './testing/vault-double.ts'

const root = mkdtempSync(join(tmpdir(), 'upkeep-stores-'))
const op = opDouble(join(root, 'op'))
const vault = await vaultDouble()
afterAll(async () => {
  await vault.close()
  rmSync(root, { recursive: true, force: true })
})

const system = '/usr/bin:/bin'
const fingerprint = (text: string) => `print of ${text}`
const http = createHttpPort()

function stores(env: Record<string, string> = {}, over: { platform?: string; home?: string } = {}) {
  const all = { PATH: `${op.folder}:${system}`, VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token, ...env }
  return openSecretStores({ platform: 'linux', home: root, env: all, ...over }, { http, fingerprint })
}

describe.each([
  [
    'Vault',
    'vault://secret/mcp/cursor.gh.TOKEN#value',
    () => vault.write('secret/mcp/cursor.gh.TOKEN', { value: 'other' }),
  ],
  [
    '1Password',
    'op://Private/upkeep.cursor.gh.TOKEN/credential',
    () => op.lay([{ id: 'x1', vault: 'Private', title: 'upkeep.cursor.gh.TOKEN', fields: { credential: 'other' } }]),
  ],
])('a secret in %s', (_, reference, layAnother) => {
  beforeEach(async () => {
    op.lay([])
    await stores().remove(reference, fingerprint('canary'))
  })

  test('is put where nothing lies, read back, and taken away again', async () => {
    expect(await stores().look(reference)).toEqual({ state: 'absent' })
    expect(await stores().put(reference, 'canary')).toEqual({ state: 'put' })
    expect(await stores().look(reference)).toEqual({ state: 'present', fingerprint: fingerprint('canary') })
    expect(await stores().remove(reference, fingerprint('canary'))).toEqual({ state: 'removed' })
    expect(await stores().look(reference)).toEqual({ state: 'absent' })
    expect(await stores().remove(reference, fingerprint('canary'))).toEqual({ state: 'removed' })
  })

  test('of other characters comes back as it was', async () => {
    const secret = 'ä "quoted" \\ $(id) \u{1F511}\n second line'
    expect(await stores().put(reference, secret)).toEqual({ state: 'put' })
    expect(await stores().remove(reference, fingerprint(secret))).toEqual({ state: 'removed' })
  })

  test('takes the place of no other, and no other is taken away', async () => {
    layAnother()
    expect(await stores().put(reference, 'canary')).toMatchObject({ reason: 'another secret lies there by now' })
    expect(await stores().remove(reference, fingerprint('canary'))).toMatchObject({ state: 'unavailable' })
    expect(await stores().look(reference)).toEqual({ state: 'present', fingerprint: fingerprint('other') })
    await stores().remove(reference, fingerprint('other'))
  })
})

const inVault = 'vault://secret/mcp/a.b.C#value'

test('what somebody else writes to Vault between the look and the write is not written over', async () => {
  vault.before(() => {
    vault.before(null)
    vault.write('secret/mcp/a.b.C', { value: 'theirs' })
  })
  expect(await stores().put(inVault, 'canary')).toMatchObject({ reason: 'Vault has a secret of that path by now' })
  expect(vault.fields('secret/mcp/a.b.C')).toEqual({ value: 'theirs' })
})

test('a deleted secret in Vault is somebody’s still: nothing is put in its place', async () => {
  vault.write('secret/mcp/deleted', { value: 'theirs' })
  vault.softDelete('secret/mcp/deleted')
  expect(await stores().put('vault://secret/mcp/deleted#value', 'canary')).toMatchObject({
    reason: expect.stringMatching(/was deleted, and its versions are still there/),
  })
})

test('a secret in Vault that was written to since is left, even where it is the same again', async () => {
  expect(await stores().put('vault://secret/mcp/twice#value', 'canary')).toEqual({ state: 'put' })
  vault.write('secret/mcp/twice', { value: 'canary' })
  expect(await stores().remove('vault://secret/mcp/twice#value', fingerprint('canary'))).toMatchObject({
    reason: 'somebody wrote there since',
  })
  expect(vault.fields('secret/mcp/twice')).toEqual({ value: 'canary' })
})

test('the token of Vault is looked up at each call, in the file of "vault login" too, and what it may not do is said', async () => {
  const home = join(root, 'home')
  mkdirSync(home)
  const of = stores({ VAULT_TOKEN: '' }, { home })
  expect(await of.look(inVault)).toMatchObject({ reason: expect.stringMatching(/no token is there/) })
  writeFileSync(join(home, '.vault-token'), `${vault.token}\n`)
  expect(await of.look('vault://secret/mcp/none#value')).toEqual({ state: 'absent' })
  vault.forbid('DELETE')
  expect(await of.put('vault://secret/mcp/kept#value', 'canary')).toEqual({ state: 'put' })
  expect(await of.remove('vault://secret/mcp/kept#value', fingerprint('canary'))).toMatchObject({
    code: 'permission-denied',
    reason: expect.stringMatching(/DELETE secret\/metadata\/mcp\/kept/),
  })
  vault.forbid(null)
})

test('two items of 1Password with one title are not told apart, and none of them is touched', async () => {
  const item = { vault: 'Private', title: 'upkeep.two', fields: { credential: 'canary' } }
  op.lay([
    { id: 'x1', ...item },
    { id: 'x2', ...item },
  ])
  const reference = 'op://Private/upkeep.two/credential'
  expect(await stores().look(reference)).toMatchObject({ reason: expect.stringMatching(/more than one item/) })
  expect(await stores().put(reference, 'canary')).toMatchObject({ state: 'unavailable' })
  expect(await stores().remove(reference, fingerprint('canary'))).toMatchObject({ state: 'unavailable' })
  expect(op.items()).toHaveLength(2)
})

test('no secret is in the words of a program', async () => {
  op.lay([])
  const reference = 'op://Work/upkeep.words/credential'
  await stores().put(reference, 'canary')
  await stores().remove(reference, fingerprint('canary'))
  expect(op.calls()).toContain('item create --vault Work --format json -')
  expect(op.calls()).not.toContain('canary')
})

test.each<[string, string, Record<string, string>, { platform?: string }, RegExp]>([
  ['no Vault is named', inVault, { VAULT_ADDR: '' }, {}, /VAULT_ADDR, which says where Vault is, is not set/],
  ['Vault is over the network in the clear', inVault, { VAULT_ADDR: 'http://vault.example:8200' }, {}, /in the clear/],
  ['nothing answers there', inVault, { VAULT_ADDR: 'http://127.0.0.1:9' }, {}, /nothing accepts connections/],
  ['the token is another one', inVault, { VAULT_TOKEN: 'another' }, {}, /does not let the token/],
  ['the engine is none that holds off', 'vault://old/mcp/a#value', {}, {}, /no KV version 2/],
  ['there is no such engine', 'vault://none/mcp/a#value', {}, {}, /no engine at none\/mcp\/a/],
  ['op is not installed', 'op://Private/a/credential', { PATH: system }, {}, /op of 1Password is not installed/],
  ['nobody is signed in', 'op://Private/a/credential', { OP_SIGNED_OUT: '1' }, {}, /see "op whoami"/],
  ['there is no such vault', 'op://None/a/credential', {}, {}, /did not say what is there/],
  [
    'secret-tool is not installed',
    'keyring://upkeep/a#B',
    { PATH: '/nowhere' },
    {},
    /secret-tool, which is not installed/,
  ],
  ['it is Windows', 'op://Private/a/credential', {}, { platform: 'win32' }, /does not make on Windows/],
  ['it is Windows', 'keyring://upkeep/a#B', {}, { platform: 'win32' }, /none of its programs gives one back/],
  ['it is no reference', 'https://h.example/secret', {}, {}, /names no place in a store/],
])('where %s it is said, and nothing is put anywhere', async (_, reference, env, over, reason) => {
  const of = stores(env, over)
  expect(await of.look(reference)).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(reason) })
  expect(await of.put(reference, 'canary')).toMatchObject({
    state: 'unavailable',
    reason: expect.stringMatching(reason),
  })
})

/** Called as `secret-tool` is; it says what it is told to. */
function secretTool(name: string, search: string, lookup: string): string {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'secret-tool'), `#!/bin/sh\ncase "$1" in search) ${search};; *) ${lookup};; esac\n`)
  chmodSync(join(folder, 'secret-tool'), 0o755)
  return folder
}

test.each([
  ['is locked', secretTool('locked', 'echo "[/1]"', 'exit 1'), /locked/],
  ['has two of one name', secretTool('twice', 'printf "[/1]\\n[/2]\\n"', 'echo x'), /more than one/],
  ['does not answer', secretTool('silent', 'exit 1', 'exit 1'), /does not answer/],
])('nothing is put into a keyring that %s', async (_, folder, reason) => {
  const of = stores({ PATH: folder, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' })
  expect(await of.put('keyring://upkeep/a#B', 'canary')).toMatchObject({ reason: expect.stringMatching(reason) })
})

test('only what this machine has is offered', () => {
  expect(stores().installed()).toEqual(['1password', 'vault'])
  const bus = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', PATH: secretTool('there', 'true', 'true') }
  expect(stores({ ...bus, VAULT_ADDR: '' }).installed()).toEqual(['keyring'])
})
