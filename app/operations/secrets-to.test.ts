import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { opDouble } from '@upkeep/engine/ports/testing/op-double'
import { vaultDouble } from '@upkeep/engine/ports/testing/vault-double'
import { afterAll, expect, test } from 'vitest'
import { changes } from './changes.ts'
import { fix } from './fix.ts'
import { FixInput } from './fix-input.ts'
import { presentPerson } from './person.cases.ts'
import { testProduct } from './product.cases.ts'
import { scan } from './scan.ts'
import { destinationOf } from './secrets-to.ts'
import { undo } from './undo.ts'

const token = `ghp_${'a1B2c3D4'.repeat(5)}`.slice(0, 40)
const file = '.cursor/mcp.json'
const text = `{ "mcpServers": { "gh": { "command": "npx", "args": ["-y", "gh@1.0.0"], "env": { "GH_TOKEN": "${token}" } } } }\n`
const vault = await vaultDouble()
afterAll(() => vault.close())

function product(env: Record<string, string> = {}) {
  const made = testProduct({ PATH: '/usr/bin:/bin', ...env }, presentPerson())
  made.write(file, text)
  return { ...made, run: made.run.bind(made), read: () => readFileSync(join(made.home, file), 'utf8') }
}
const inVault = { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token }
const asked = { what: ['gh'], moveSecrets: true, reason: 'a test', key: 'the key of the test' }

test('by the name of the server, and by the finding, the secret goes where it is said; undo takes it out again', async () => {
  const { run, read } = product(inVault)
  const { output } = await run(fix, { ...asked, secretsTo: 'vault:secret/mcp' })
  expect(output.change).toMatchObject({
    outcome: 'done',
    plan: { effects: [{ kind: 'stored-secret' }, { kind: 'file' }] },
  })
  expect(JSON.stringify(output)).not.toContain(token)
  expect(vault.fields('secret/mcp/cursor.gh.GH_TOKEN')).toEqual({ value: token })
  const document = await run(changes, { change: output.change?.id ?? '', document: true })
  const printed = document.text({ width: 100, colour: false, ascii: true, verbose: false }).replaceAll('\\', '')
  expect(printed).toMatch(/Secret in a store.*vault.*\n.*not there\n.*a secret with the keyed hash [0-9a-f]{16}/)
  expect(printed).not.toContain(token)
  await run(undo)
  expect([vault.fields('secret/mcp/cursor.gh.GH_TOKEN'), read()]).toEqual([null, text])

  await run(scan)
  const byFinding = await run(fix, { what: ['gh'], secretsTo: 'vault:secret/mcp', plan: true })
  expect(byFinding.output.secretStores).toEqual(['vault'])
  expect(byFinding.output.plan?.effects).toMatchObject([{ path: 'vault://secret/mcp/cursor.gh.GH_TOKEN#value' }, {}])
})

test('what this machine has is offered with what can be fixed, and nothing else', async () => {
  const op = opDouble(join(product().home, 'op'))
  const there = product({ ...inVault, PATH: op.folder })
  await there.run(scan)
  const listed = await there.run(fix, {})
  expect(listed.output.secretStores).toEqual(['1password', 'vault'])
  expect(op.calls()).toBe('')
  const none = product()
  await none.run(scan)
  expect((await none.run(fix, {})).output.secretStores).toEqual([])
})

test.each<[string, RegExp]>([
  ['keyring', /no session bus is there|secret-tool, which is not installed/],
  ['op://Private', /op of 1Password is not installed/],
  ['vault:secret/mcp', /VAULT_ADDR, which says where Vault is, is not set/],
])('asked for %s where there is none, it says what is missing, and nothing is written', async (secretsTo, why) => {
  const { run, read } = product()
  await expect(run(fix, { ...asked, secretsTo })).rejects.toThrow(why)
  expect(read()).toBe(text)
})

test('it goes with secrets that are moved, and with nothing else', async () => {
  const wrong = product().run(fix, { what: ['gh'], disable: true, secretsTo: 'keyring' })
  await expect(wrong).rejects.toThrow(/about secrets that are moved, and none is/)
})

test.each<[string, object | null]>([
  ['file', { store: 'file' }],
  ['keyring', { store: 'keyring' }],
  ['op://Private', { store: '1password', vault: 'Private' }],
  ['op://Team Vault/', { store: '1password', vault: 'Team Vault' }],
  ['vault:secret/mcp', { store: 'vault', folder: 'secret/mcp' }],
  ['vault://secret/mcp/', { store: 'vault', folder: 'secret/mcp' }],
  ['op://Private/item', null],
  ['vault:secret/../sys', null],
  ['vault:/secret', null],
  ['vault:', null],
  ['paper', null],
  [token, null],
])('%s', (words, to) => {
  expect(destinationOf(words)).toEqual(to)
  expect(FixInput.safeParse({ secretsTo: words }).success).toBe(to !== null)
})
