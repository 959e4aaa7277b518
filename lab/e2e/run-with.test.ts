import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vaultDouble } from '@upkeep/engine/ports/testing/vault-double'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hasKeyring, privateKeyring } from '../private-keyring.ts'
import { type Ended, type Installation, newInstallation, removeInstallation, upkeep } from './installation.ts'

let installation: Installation
let secret: string
beforeEach(() => {
  installation = newInstallation()
  secret = join(installation.root, 'secret')
  writeFileSync(secret, '# upkeep secret 0123456789abcdef\ncanary of a secret\n', { mode: 0o600 })
})
afterEach(() => removeInstallation(installation))

const shows =
  'process.stdout.write(JSON.stringify([process.ppid, process.env.TOKEN, ...process.argv.slice(1)])); process.exit(7)'

function started(
  words: readonly string[],
  behind: readonly string[] = ['node', '-e', shows, 'a{{KEY}}b', '{{OTHER}}'],
): Promise<Ended> {
  return upkeep(installation, ['run-with', ...words, '--', ...behind])
}

test('the launcher becomes the server, with the secret as a variable and in an argument', async () => {
  const { stdout, stderr, exitCode } = await started(['--set', 'TOKEN', secret, '--fill', 'KEY', secret])
  // In the place of the launcher: its parent is ours, and its exit code too.
  expect(JSON.parse(stdout)).toEqual([process.pid, 'canary of a secret', 'acanary of a secretb', '{{OTHER}}'])
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 7 })
})

test.each<[string, () => unknown, RegExp]>([
  ['others can read the secret', () => chmodSync(secret, 0o640), /can be read by others/],
  [
    'the secret is gone',
    () => {
      secret = join(installation.root, 'gone')
    },
    /cannot be read/,
  ],
  [
    'it is a link',
    () => {
      symlinkSync(secret, `${secret}-link`)
      secret = `${secret}-link`
    },
    /cannot be read/,
  ],
  [
    'its store is none',
    () => {
      secret = 'https://h.example/secret'
    },
    /is no place of a secret/,
  ],
])('nothing is started where %s', async (_, spoil, why) => {
  spoil()
  const { stdout, stderr, exitCode } = await started(['--set', 'TOKEN', secret])
  expect(stdout).toBe('')
  expect(stderr).toMatch(why)
  expect(stderr).not.toContain('canary')
  expect(exitCode).toBe(2)
})

test('words that are not understood, and programs that are not there, are said', async () => {
  expect((await started(['--give', 'TOKEN', secret])).stderr).toMatch(/not understood/)
  expect((await started([], ['no-such-program-anywhere'])).stderr).toMatch(/no-such-program-anywhere is not there/)
})

test.skipIf(!hasKeyring)(
  'what a person keeps in the keyring of a Linux desktop is read from it (needs gnome-keyring, libsecret-tools, dbus)',
  async () => {
    const keyring = await privateKeyring(join(installation.root, 'k'))
    try {
      keyring.tool(['store', '--label=work', 'service', 'work', 'account', 'gh'], 'canary of a secret')
      expect(await fetched('keyring://work#gh', keyring.env)).toMatchObject({
        stdout: 'canary of a secret',
        exitCode: 0,
      })
      const none = await fetched('keyring://work#other', keyring.env)
      expect(none).toMatchObject({ stdout: '', exitCode: 2 })
      expect(none.stderr).toMatch(/keyring:\/\/work#other was not fetched/)
      expect(none.stderr).not.toContain('canary')
    } finally {
      await keyring.stop()
    }
  },
)

test('a secret in Vault is read from its API where its own program is not installed (tried with a stand-in)', async () => {
  const vault = await vaultDouble()
  try {
    vault.write('secret/mcp/gh', { token: 'canary of a secret', other: 'no' })
    const env = { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token }
    expect(await fetched('vault://secret/mcp/gh#token', env)).toMatchObject({
      stdout: 'canary of a secret',
      exitCode: 0,
    })
    const denied = await fetched('vault://secret/mcp/gh#token', { ...env, VAULT_TOKEN: 'canary of a token' })
    expect(denied).toMatchObject({ stdout: '', exitCode: 2 })
    expect(denied.stderr).toMatch(/was not fetched: Vault does not let the token do this/)
    expect(denied.stderr).not.toContain('canary')
  } finally {
    await vault.close()
  }
})

function fetched(source: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const shown = 'process.stdout.write(process.env.TOKEN)'
  return upkeep(installation, ['run-with', '--set', 'TOKEN', source, '--', 'node', '-e', shown], { env })
}
