import type { ChangeInput, ChangeOf } from '@upkeep/contract/change'
import type { CredentialPlace } from '@upkeep/contract/changes/rotate-credential'
import { credentialNamed, placesOf } from '@upkeep/domain/client-edits/credential-places'
import { findEntry } from '@upkeep/domain/client-edits/entry-file'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { saltedSecretFile, secretIn } from '@upkeep/domain/client-edits/secret-file'
import { madePorts, newSecret, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { variableOf } from '@upkeep/domain/client-formats/fill-in'
import { expect, test } from 'vitest'
import { rotateCredential } from './remediation.ts'

const token = `${'ghp_'}${'a1B2'.repeat(9)}`
const cursor = pathOf('cursor', '{home}/.cursor/mcp.json')
const kept = '/home/ada/.config/upkeep/secrets/cursor.gh.GH_TOKEN'
const { fingerprint } = madePorts({}).secrets
const salted = saltedSecretFile(kept, token, fingerprint)
const value = { is: 'value' as const, from: 'env:NEW' }
const launched = `"command": "/opt/node", "args": ["/opt/upkeep.js", "run-with", "--set", "GH_TOKEN", "${kept}", "--", "npx", "gh@1"]`

function textOf(entry: string): string {
  return `{\n  // mine\n  "mcpServers": {"gh": {${entry}}, "other": {"command": "x"}}\n}`
}

function entryIn(entry: string) {
  const opened = openNamedEntry({ path: cursor, server: 'gh' }, madePorts({ [cursor]: textOf(entry) }))
  if (opened.state === 'unavailable') throw new Error(opened.reason)
  const found = findEntry(opened.file, opened.name)
  if ('code' in found) throw new Error(found.reason)
  return found.entry
}

function input(word: string, entry: string, over: Partial<ChangeOf<'rotate-credential'>> = {}) {
  const [named] = credentialNamed(entryIn(entry), word)
  if (named === undefined) throw new Error(`nothing is called ${word}`)
  const was = fingerprint(named.text ?? token)
  const head = { kind: 'rotate-credential' as const, path: cursor, server: 'gh', at: named.at, was }
  return { ...head, to: value, revoke: false, ...over } satisfies ChangeInput
}

async function made(word: string, entry: string, over: Partial<ChangeOf<'rotate-credential'>> = {}) {
  const ports = madePorts({ [cursor]: textOf(entry), [kept]: salted })
  const asked = input(word, entry, over)
  const preview = await rotateCredential.preview(asked, ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  const { effects, ...words } = preview
  const shown = JSON.stringify([asked, words, effects.map((effect) => effect.shown)])
  for (const secret of [token, newSecret]) expect(shown).not.toContain(secret)
  expect(ports.make(preview)).toBe(1)
  expect(await rotateCredential.preview(asked, ports)).toMatchObject({
    state: 'possible',
    effects: [],
    irreversible: [],
  })
  return { ports, preview, text: ports.text(cursor) ?? '' }
}

test.each<[string, string, string]>([
  ['GH_TOKEN', `"command": "npx", "env": {"GH_TOKEN": "${token}", "A": "1"}`, token],
  ['authorization', `"url": "https://h.example/mcp", "headers": {"Authorization": "Bearer ${token}"}`, token],
  ['3', `"command": "npx", "args": ["gh@1", "--token", "${token}", "--more"]`, token],
  ['token', `"command": "npx", "args": ["gh@1", "--token", "${token}"]`, token],
  ['--api-key', `"command": "npx", "args": ["gh@1", "--api-key=${token}"]`, token],
  ['Authorization', `"command": "npx", "args": ["mcp-remote", "--header", "Authorization: Bearer ${token}"]`, token],
])('%s: the new one stands where the old one stood, and nothing else changed', async (word, entry) => {
  expect((await made(word, entry)).text).toBe(textOf(entry).replace(token, newSecret))
})

test('in an address only what can stand there as it is is taken', async () => {
  const entry = `"url": "https://h.example/mcp?a=1&key=${token}&b=2"`
  const ports = madePorts({ [cursor]: textOf(entry) })
  const asked = input('key', entry)
  expect(rotateCredential.preview(asked, ports)).toMatchObject({
    reason: expect.stringMatching(/cannot stand in an address/),
  })
  const plain = { ...ports, secrets: { ...ports.secrets, resolve: () => 'plainAndLong' } }
  const preview = await rotateCredential.preview(asked, plain)
  ports.make(preview as never)
  expect(ports.text(cursor)).toBe(textOf(entry).replace(token, 'plainAndLong'))
})

test('in the file that our launcher reads the new one replaces the old one, and the entry stays', async () => {
  const { ports, preview, text } = await made('GH_TOKEN', launched)
  expect(preview.effects).toMatchObject([{ path: kept, to: { mode: 0o600 } }])
  expect(secretIn(ports.text(kept) ?? '')).toBe(newSecret)
  expect(text).toBe(textOf(launched))
})

test('references: those of the client as they are, those of a store through our launcher', async () => {
  const own = variableOf('env:GH')
  const header = `"url": "https://h.example/mcp", "headers": {"Authorization": "Bearer ${token}"}`
  expect((await made('Authorization', header, { to: { is: 'reference', text: own } })).text).toContain(
    `"Bearer ${own}"`,
  )
  const env = `"command": "npx", "args": ["gh@1"], "env": {"GH_TOKEN": "${token}"}`
  const store = { is: 'reference' as const, text: 'op://work/gh/token' }
  expect(
    JSON.parse((await made('GH_TOKEN', env, { to: store })).text.replace('// mine', '')).mcpServers.gh.args,
  ).toEqual(['/opt/upkeep/bin/upkeep.js', 'run-with', '--set', 'GH_TOKEN', store.text, '--', 'npx', 'gh@1'])
  expect((await made('GH_TOKEN', launched, { to: store })).text).toBe(textOf(launched).replace(kept, store.text))
})

test('revoking cannot be taken back, and that is said', async () => {
  const { preview } = await made('GH_TOKEN', `"command": "npx", "env": {"GH_TOKEN": "${token}"}`, { revoke: true })
  expect(preview.irreversible).toEqual([expect.stringMatching(/revoked at its issuer/)])
})

const env = `"command": "npx", "env": {"GH_TOKEN": "${token}"}`
const header = `"url": "https://h.example/mcp", "headers": {"X-Key": "${token}"}`
const inStore = launched.replace(kept, 'keyring://work#gh')
test.each<[string, string, string, Partial<ChangeOf<'rotate-credential'>>, RegExp]>([
  ['another one stands there by now', 'GH_TOKEN', env, { was: '0'.repeat(16) }, /no longer the credential/],
  ['the new one is not there', 'GH_TOKEN', env, { to: { is: 'value', from: 'env:GONE' } }, /not there: env:GONE/],
  ['the new one is the old one', 'GH_TOKEN', env, { was: fingerprint(newSecret) }, /is the old one/],
  ['nobody expands the reference', 'GH_TOKEN', env, { to: { is: 'reference', text: '{{GH}}' } }, /does not expand/],
  [
    'a header has no launcher',
    'X-Key',
    header,
    { to: { is: 'reference', text: 'op://a/b/c' } },
    /calls the server itself/,
  ],
  ['a store holds it', 'GH_TOKEN', inStore, {}, /put the new one there/],
  ['its file holds another one', 'GH_TOKEN', launched, { was: '0'.repeat(16) }, /no longer holds/],
])('is refused where %s', async (_, word, entry, over, reason) => {
  const ports = madePorts({ [cursor]: textOf(entry), [kept]: salted })
  const preview = await rotateCredential.preview(input(word, entry, over), ports)
  expect(preview).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(reason) })
  expect(JSON.stringify(preview)).not.toContain(token)
})

test('every place of an entry where it stands is found, and no part of a word for a short one', () => {
  const words = `"args": ["--url=https://h.example?k=${token}&l=${token}", "x"]`
  const entry = entryIn(`"command": "npx", ${words}, "env": {"A": "${token}", "B": "x1"}`)
  const places = placesOf(entry, token).map((at: CredentialPlace) => ('start' in at ? [at.in, at.start] : []))
  expect(places).toEqual([
    ['env', 0],
    ['argument', 69],
    ['argument', 26],
  ])
  expect(placesOf(entry, 'x')).toMatchObject([{ in: 'argument', index: 1 }])
})
