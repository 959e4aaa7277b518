import type { ChangeOf } from '@upkeep/contract/change'
import type { SecretStoresPort } from '@upkeep/contract/ports'
import { madePorts, pathOf } from '@upkeep/domain/client-edits/testing/made-ports'
import { analyseLaunch } from '@upkeep/domain/client-formats/launch'
import { isStoreReference, storePlace } from '@upkeep/domain/redaction/references'
import { wordsTellSecret } from '@upkeep/domain/redaction/tells-secret'
import { expect, test } from 'vitest'
import { moveSecret } from './remediation.ts'

const token = `${'ghp_'}${'a1B2'.repeat(9)}`
const cursor = pathOf('cursor', '{home}/.cursor/mcp.json')
const textOf = (secret: string, server = 'gh') =>
  JSON.stringify({ mcpServers: { [server]: { command: 'npx', args: ['-y', 'gh@1'], env: { GH_TOKEN: secret } } } })
const named = {
  kind: 'move-secret' as const,
  path: cursor,
  server: 'gh',
  secret: { in: 'env' as const, name: 'GH_TOKEN' },
}
type To = ChangeOf<'move-secret'>['to']

test.each<[To, string]>([
  [{ store: 'keyring' }, 'keyring://upkeep/cursor.gh#GH_TOKEN'],
  [{ store: '1password', vault: 'Private' }, 'op://Private/upkeep.cursor.gh.GH_TOKEN/credential'],
  [{ store: 'vault', folder: 'secret/mcp' }, 'vault://secret/mcp/cursor.gh.GH_TOKEN#value'],
])('a secret that goes to %o is put there first, and the entry names the place', async (to, reference) => {
  const ports = madePorts({ [cursor]: textOf(token) })
  const preview = await moveSecret.preview({ ...named, to }, ports)
  if (preview.state !== 'possible') throw new Error(preview.reason)
  expect(preview.effects).toMatchObject([{ kind: 'stored-secret', reference, secret: token }, { path: cursor }])
  const said = [preview.summary, preview.limits, preview.effects.map(({ shown }) => shown)]
  expect(JSON.stringify(said)).not.toContain(token)
  expect(preview.limits.some((line) => line.startsWith('the secret leaves this machine'))).toBe(to.store !== 'keyring')
  ports.make(preview)
  const { args } = JSON.parse(ports.text(cursor) ?? '').mcpServers.gh
  expect(args).toEqual([expect.any(String), 'run-with', '--set', 'GH_TOKEN', reference, '--', 'npx', '-y', 'gh@1'])
  expect(ports.text(cursor)).not.toContain(token)
  expect(wordsTellSecret(args)).toBe(false)
  expect(isStoreReference(reference)).toBe(true)
  expect(analyseLaunch('/opt/node', args).launch).toEqual(analyseLaunch('npx', ['-y', 'gh@1']).launch)
  expect(await moveSecret.preview({ ...named, to }, ports)).toMatchObject({ state: 'possible', effects: [] })
})

test('a place that holds this very secret is used again, and one that holds another is passed by', async () => {
  const to: To = { store: 'keyring' }
  const place = 'keyring://upkeep/cursor.gh#GH_TOKEN'
  const same = await moveSecret.preview(
    { ...named, to },
    madePorts({ [cursor]: textOf(token) }, {}, { [place]: token }),
  )
  expect(same).toMatchObject({ effects: [{ kind: 'file' }], summary: [expect.stringContaining(place)] })
  const other = await moveSecret.preview(
    { ...named, to },
    madePorts({ [cursor]: textOf(token) }, {}, { [place]: 'other' }),
  )
  expect(other).toMatchObject({ effects: [{ reference: `${place}.2` }, { kind: 'file' }] })
})

test.each<[To['store'], To]>([
  ['keyring', { store: 'keyring' }],
  ['1password', { store: '1password', vault: 'A'.repeat(63) }],
  ['vault', { store: 'vault', folder: 'secret/a' }],
])('names of any length and spelling make a reference that %s can be asked with', async (store, to) => {
  const server = `${'ü/ '.repeat(30)}${'x'.repeat(200)}`
  const ports = madePorts({ [cursor]: textOf(token, server) })
  const preview = await moveSecret.preview({ ...named, server, to }, ports)
  const [effect] = preview.state === 'possible' ? preview.effects : []
  expect(effect?.kind === 'stored-secret' ? storePlace(effect.reference) : preview).toMatchObject({ store })
})

test.each<[string, string, Partial<SecretStoresPort>, RegExp]>([
  [
    'its store does not answer',
    textOf(token),
    { look: async () => ({ state: 'unavailable', code: 'unreachable', reason: 'the keyring does not answer' }) },
    /the keyring does not answer/,
  ],
  [
    'ten secrets have that name',
    textOf(token),
    { look: async () => ({ state: 'present', fingerprint: 'another' }) },
    /too many secrets of that name/,
  ],
  ['a store would not give it back as it is', textOf(`${token}\n`), {}, /gives back a secret that ends so/],
  [
    'the entry cannot start through a launcher, whatever the store says',
    textOf(token).replace('"npx"', '"npx -y"'),
    { look: () => Promise.reject(new Error('asked')) },
    /whole line/,
  ],
])('is refused where %s', async (_, text, over, reason) => {
  const ports = madePorts({ [cursor]: text })
  const secretStores = { ...ports.secretStores, ...over }
  const preview = await moveSecret.preview({ ...named, to: { store: 'keyring' } }, { ...ports, secretStores })
  expect(preview).toMatchObject({ state: 'unavailable', reason: expect.stringMatching(reason) })
  expect(JSON.stringify(preview)).not.toContain(token)
})
